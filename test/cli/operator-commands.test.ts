import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRoster, type Roster } from './roster.ts';

const time = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
const id = expect.stringMatching(/^[a-z2-7]{12}$/);
const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:8080\/console\/link#[\w-]{43}$/);

let roster: Roster;
beforeEach(() => {
  roster = createRoster();
});
afterEach(() => roster.close());

const run = (line: string) => roster.runHere(line.split(' '));

it('creates operators, each with a link, and lists them', async () => {
  await run('tenant create acme.com');
  const jo = { id, email: 'jo@example.com', role: 'owner', tenant: null };
  expect(await run('operator create jo@example.com --json')).toMatchObject({
    ...{ code: 0, stderr: '', json: { ...jo, url, expires: time } },
  });
  const ada = { id, email: 'ada@acme.com', role: 'tenant-admin', tenant: 'acme.com' };
  expect((await run('operator create ada@acme.com --tenant acme.com --json')).json).toEqual({
    ...{ ...ada, url, expires: time },
  });
  const aud = await run('operator create aud@acme.com --tenant acme.com --role auditor --name Aud');
  expect(aud.stdout).toMatch(
    /^Created the operator aud@acme\.com\.\n\nLink: +http:\S+#[\w-]{43}\nValid until: +\S+Z\n\nIt works once/,
  );
  const rest = { active: true, hasPassword: false, hasTotp: false, created: time, lastSignIn: null };
  expect((await run('operator list --json')).json).toEqual([
    { ...ada, name: 'ada', ...rest },
    { id, email: 'aud@acme.com', role: 'auditor', tenant: 'acme.com', name: 'Aud', ...rest },
    { ...jo, name: 'jo', ...rest },
  ]);
  const audit = (await run('audit list --server --action operator. --json')).json;
  expect(audit).toMatchObject([{ actor: { kind: 'cli', via: 'cli' }, target: { name: 'jo@example.com' } }]);
  expect((await run('audit list --tenant acme.com --action operator. --json')).json).toHaveLength(2);
  const lines = (await run('operator list')).stdout.split('\n');
  expect(lines[0]).toMatch(/^E-MAIL +NAME +ROLE +TENANT +STATE +LAST SIGN-IN$/);
  expect(lines[1]).toMatch(/^ada@acme\.com +ada +tenant-admin +acme\.com +invited +never$/);
});

it('resets an operator by another link', async () => {
  const { json: made } = await run('operator create jo@example.com --json');
  const { json: reset } = await run('operator reset JO@example.com --json');
  expect(reset).toEqual({ ...made, url, expires: time });
  expect(reset.url).not.toBe(made.url);
});

it.each([
  ['operator create jo', 2, /e-mail address/],
  ['operator create jo@example.com --role auditor', 2, /Say of which tenant/],
  ['operator create jo@example.com --role king', 2, /Allowed choices are owner, tenant-admin, auditor/],
  ['operator create jo@example.com --role owner --tenant carbon.super', 2, /Owners belong to no tenant/],
  ['operator create jo@example.com --tenant nobody.example', 3, /no tenant nobody\.example/],
  ['operator reset jo@example.com', 3, /no operator jo@example\.com/],
])('%s is refused with %i', async (line, code, why) => {
  expect(await run(line)).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(why) });
  expect((await run('operator list --json')).json).toEqual([]);
});

it('refuses an e-mail address that somebody has', async () => {
  await run('operator create jo@example.com');
  expect(await run('operator create Jo@example.com --json')).toMatchObject({
    ...{ code: 4, json: { error: { code: 'conflict' } } },
  });
});
