import { readFileSync } from 'node:fs';
import type { Context } from '../context.ts';
import { drive, type Plan, type Row, type Run } from '../measurement.ts';
import type { RequestTemplate } from '../request-template.ts';
import type { Roster } from '../roster.ts';
import { median, spreadOf } from '../statistics.ts';
import { makeUser } from '../user-data.ts';
import { getById, oneByOne } from './requests.ts';
import { show } from './rows.ts';

const largeGroup = 100_000;
const pacedConnections = 8;
const pacedInterval = 20;
const secondsAtMost = 120;
const patchesEach = 100;

/** Sends one request outside of any measurement and returns the answer's JSON; throws an Error unless it succeeded. */
async function send(
  roster: Roster,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(roster.url + path, {
    method,
    headers: { ...roster.headers, 'content-type': 'application/scim+json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
  return text === '' ? {} : JSON.parse(text);
}

async function createGroup(roster: Roster, displayName: string, ids: readonly string[]): Promise<string> {
  const { id } = await send(roster, 'POST', '/Groups?excludedAttributes=members', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName,
    members: ids.map((value) => ({ value, type: 'User' })),
  });
  return id as string;
}

function idsOf(roster: Roster, count: number): string[] {
  return readFileSync(roster.idsFile, 'latin1').split('\n', count);
}

/** GET of a group with 100,000 members, and what it does to other requests meanwhile. */
export async function measureLargeGroup(context: Context): Promise<Row[]> {
  const { roster, options, generator, say } = context;
  const count = Math.min(largeGroup, roster.users);
  say(`a group of ${count} members: storing`);
  const ids = idsOf(roster, count);
  const id = await createGroup(roster, 'bench large', ids);
  const getGroup: RequestTemplate = {
    label: 'GET group',
    method: 'GET',
    path: `/Groups/${id}`,
    status: 200,
    includes: ids[count - 1] as string,
  };
  const paced: Plan = {
    templates: [getById],
    connections: pacedConnections,
    interval: pacedInterval,
    seconds: options.seconds,
  };
  const second = context.startGenerator();
  say(`a group of ${count} members: measuring`);
  await drive(second, roster, oneByOne([getGroup], 3, secondsAtMost));
  await drive(generator, roster, paced);
  const pairs: { usual: Run; meanwhile: Run; group: Run }[] = [];
  while (pairs.length < options.rounds) {
    const usual = await drive(generator, roster, paced);
    const groupPlan = oneByOne([getGroup], 10_000, options.seconds);
    const [group, meanwhile] = await Promise.all([
      drive(second, roster, groupPlan),
      drive(generator, roster, paced),
    ]);
    pairs.push({ usual, meanwhile, group });
  }
  await second.stop();
  const groupTime = median(pairs.map(({ group }) => group.p50));
  const ratio = (share: 'p50' | 'p99') =>
    spreadOf(pairs.map(({ usual, meanwhile }) => meanwhile[share] / usual[share]));
  const times = (share: 'p50' | 'p99') => ({
    value: `${share} ${show(median(pairs.map(({ meanwhile }) => meanwhile[share])))} ms`,
    reference: `alone ${show(median(pairs.map(({ usual }) => usual[share])))} ms`,
    ratio: ratio(share),
  });
  const slowed = `GET /Users/{id} while that group is read, ${(1000 / pacedInterval) * pacedConnections}/s`;
  return [
    {
      name: 'large-group',
      what: `GET of a group with ${count} members, others reading`,
      value: `${show(groupTime)} ms`,
      goal: '< 300 ms',
      met: groupTime < 300,
    },
    { name: 'large-group', what: slowed, ...times('p50'), goal: '< 3', met: ratio('p50').median < 3 },
    { name: 'large-group', what: slowed, ...times('p99') },
  ];
}

/** A PATCH is answered with the group when it is small (200), else with nothing but an ETag (204). */
function patch(label: string, group: string, status: 200 | 204, operation: object): RequestTemplate {
  return {
    label,
    method: 'PATCH',
    path: `/Groups/${group}`,
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [operation],
    }),
    status,
  };
}

/** Adding and removing one member: a group of 100,000 against an empty one. */
export async function measureMembership({ roster, generator, say }: Context): Promise<Row[]> {
  const count = Math.min(largeGroup, roster.users);
  say(`one member more or less in a group of ${count}: measuring`);
  const { id: member } = await send(roster, 'POST', '/Users', makeUser(9_000_000));
  const large = await createGroup(roster, 'bench membership, large', idsOf(roster, count));
  const empty = await createGroup(roster, 'bench membership, empty', []);
  const add = { op: 'add', path: 'members', value: [{ value: member, type: 'User' }] };
  const remove = { op: 'remove', path: `members[value eq "${member}"]` };
  const templates = [
    patch('add large', large, 204, add),
    patch('add empty', empty, 200, add),
    patch('remove large', large, 204, remove),
    patch('remove empty', empty, 200, remove),
  ];
  await drive(generator, roster, oneByOne(templates, 10, secondsAtMost));
  const { labels } = await drive(generator, roster, oneByOne(templates, patchesEach, secondsAtMost));
  return ['add', 'remove'].map((verb) => {
    const inLarge = labels[`${verb} large`]?.p50 ?? Number.NaN;
    const inEmpty = labels[`${verb} empty`]?.p50 ?? Number.NaN;
    const ratio = inLarge / inEmpty;
    return {
      name: 'membership',
      what: `PATCH: ${verb} one member of ${count}`,
      value: `${show(inLarge)} ms`,
      reference: `empty group ${show(inEmpty)} ms`,
      ratio: spreadOf([ratio]),
      goal: '<= 1.5',
      met: ratio <= 1.5,
    };
  });
}
