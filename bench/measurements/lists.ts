import type { Context } from '../context.ts';
import { drive, type Row } from '../measurement.ts';
import type { RequestTemplate } from '../request-template.ts';
import { filterByUserName, oneByOne } from './requests.ts';
import { show } from './rows.ts';

const pageRequests = 20;
const filterRequests = 50;
const secondsAtMost = 60;

function page(startIndex: number): RequestTemplate {
  return {
    label: `startIndex=${startIndex}`,
    method: 'GET',
    path: `/Users?startIndex=${startIndex}&count=100`,
    status: 200,
    includes: '"itemsPerPage":100',
  };
}

/** How long a page in the middle may take: against the first, or in all. */
const pageGoals = {
  sqlite: { goal: '< 50 ms more', isMet: (far: number, near: number) => far - near < 50 },
  postgres: { goal: '<= 200 ms', isMet: (far: number) => far <= 200 },
};

/** A page in the middle of all users against the first page. */
export async function measurePaging({ roster, options, generator, say }: Context): Promise<Row[]> {
  say('pages by startIndex: measuring');
  const first = page(1);
  const middle = page(Math.floor(options.users / 2) + 1);
  const plan = (each: number) => oneByOne([first, middle], each, secondsAtMost);
  await drive(generator, roster, plan(3));
  const { labels } = await drive(generator, roster, plan(pageRequests));
  const near = labels[first.label]?.p50 ?? Number.NaN;
  const far = labels[middle.label]?.p50 ?? Number.NaN;
  const { goal, isMet } = pageGoals[roster.database.name];
  return [
    {
      name: 'paging',
      what: `GET /Users?${middle.label}&count=100`,
      value: `${show(far)} ms`,
      reference: `page 1 ${show(near)} ms`,
      goal,
      met: isMet(far, near),
    },
  ];
}

function filter(text: string, includes: string): RequestTemplate {
  const path = `/Users?filter=${encodeURIComponent(text).replaceAll('%3C', '<').replaceAll('%3E', '>')}&count=10`;
  return { label: text.replace(/<\w+>/, 'x'), method: 'GET', path, status: 200, includes };
}

const department = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department';
const filters = [
  filter('emails[type eq "work" and value sw "<workEmailPrefix>"]', '<workEmailPrefix>@'),
  filter('name.familyName eq "<familyName>"', '"<familyName>"'),
  filter(`${department} eq "<department>"`, '"<department>"'),
];

/** Filters that must be answered from an index, each with a random value, against the look-up by userName. */
export async function measureIndexes({ roster, generator, say }: Context): Promise<Row[]> {
  say('filters: measuring');
  const templates = [filterByUserName, ...filters];
  const plan = (each: number) => oneByOne(templates, each, secondsAtMost);
  await drive(generator, roster, plan(10));
  const { labels } = await drive(generator, roster, plan(filterRequests));
  const byName = labels[filterByUserName.label]?.p50 ?? Number.NaN;
  return filters.map(({ label }) => ({
    name: 'indexes',
    what: `filter ${label.replace(/urn\S+User:/, 'enterprise:')}`,
    value: `${show(labels[label]?.p50 ?? Number.NaN)} ms`,
    reference: `userName eq ${show(byName)} ms`,
  }));
}
