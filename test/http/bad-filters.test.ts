import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import { createGroup, createUser, expectError, filtered, idsOf, membersOf, read } from './messages.ts';

let server: TestServer;
let client: Client;
let strict: Client;
let total: number;

/** Texts that mean something to SQL, LIKE, regular expressions or JSON. */
const LITERALS = [
  '100% sure',
  '100x sure',
  'a_b',
  'axb',
  'back\\slash',
  'trailing\\',
  "O'Brien",
  'say "hi"',
  'a*b',
  'a.b',
  '[a-z]+',
  '^start$',
  '(group)',
  "'; DROP TABLE resource;--",
  '*)(uid=*',
  '{"$ne":null}',
  '\u00e9t\u00e9',
  '\ud83d\ude00',
];

beforeAll(async () => {
  server = await startServer();
  client = await server.connect();
  strict = await server.connect({ dialect: 'strict' });
  for (const title of LITERALS) await createUser(client, { title, displayName: title });
  await createGroup(client, { members: membersOf(await createUser(client)) });
  total = LITERALS.length + 1;
});
afterAll(async () => {
  expect((await read(client, '/Users?count=0')).totalResults).toBe(total);
  await server.close();
});

const repeated = (count: number, term: string, by: string) =>
  Array.from({ length: count }, () => term).join(by);
const nested = (depth: number, inner: string) => '('.repeat(depth) + inner + ')'.repeat(depth);

describe('RFC 7644 3.4.2.2: a filter is refused with invalidFilter, and never finds all, with', () => {
  it.each([
    ['no term', '()'],
    ['blanks only', '   '],
    ['an attribute only', 'userName'],
    ['no value', 'userName eq'],
    ['no operator', 'userName "x"'],
    ['an unknown operator', 'userName like "x"'],
    ['a value behind pr', 'userName pr "x"'],
    ['two comparisons without a word between', 'userName pr active pr'],
    ['a leading or', 'or userName pr'],
    ['a trailing and', 'userName pr and'],
    ['a bracket too few', '(userName pr'],
    ['a bracket too many', 'userName pr)'],
    ['not without brackets', 'not userName pr'],
    ['a string that never ends', 'userName eq "x'],
    ['a bad escape', 'userName eq "\\x"'],
    ['a raw line break in a string', 'userName eq "a\nb"'],
    ['single quotes', "userName eq 'x' or 'a' eq 'a'"],
    ['a value path that never ends', 'emails[type eq "work"'],
    ['an empty value path', 'emails[]'],
    ['a value path on a single value', 'userName[value eq "x"]'],
    ['SQL', '1=1; DROP TABLE resource;--'],
    ['SQL behind a comparison', 'userName eq "x" OR 1=1 --'],
    ['LDAP syntax', '(&(uid=*)(objectClass=*))'],
    ['JSON', '{"userName":{"$ne":null}}'],
    ['a NUL in a string', 'userName eq "a\\u0000"'],
    ['a raw NUL', 'userName eq\u0000"a"'],
    ['half of a surrogate pair', 'userName eq "\\ud800"'],
    ['an unknown attribute', 'isAdmin eq true'],
    ['an unknown sub-attribute', 'name.nick eq "x"'],
    ['an unknown part in a value path', 'emails[mail eq "x"]'],
    ['an unknown schema', 'urn:example:none:userName eq "x"'],
    ['an unknown attribute beside a known one', 'userName pr or isAdmin eq true'],
    ['an unknown attribute that is negated', 'not (isAdmin eq true)'],
    ['an attribute of groups', 'members pr'],
    ['a password', 'password eq "x"'],
    ['the presence of a password', 'password pr'],
    ['a password in a negation', 'not (password sw "a")'],
    ['a complex attribute', 'name eq "x"'],
    ['an order of booleans', 'active gt false'],
    ['a substring of a boolean', 'active co "t"'],
    ['a word for a boolean', 'active eq "maybe"'],
    ['a number for a boolean', 'active eq 1'],
    ['a word for a dateTime', 'meta.created gt "yesterday"'],
    ['a day that is not there', 'meta.created gt "2026-02-30T00:00:00Z"'],
    ['an order of null', 'title gt null'],
    ['16,385 characters', `title eq "${'x'.repeat(16_385 - 'title eq ""'.length)}"`],
    ['101 terms', repeated(101, 'title pr', ' or ')],
    ['101 terms in a value path', `emails[${repeated(101, 'value pr', ' or ')}]`],
    ['33 levels', nested(33, 'title pr')],
    ['33 levels of not', `${'not ('.repeat(33)}title pr${')'.repeat(33)}`],
    ['10,000 open brackets', '('.repeat(10_000)],
    ['2,000 nested value paths', 'emails['.repeat(2000)],
  ])('%s', async (_, filter) => {
    for (const each of [client, strict])
      expectError(await each.request('GET', filtered('/Users', filter)), 400, 'invalidFilter');
  });

  it('a value without quotes, by the letter', async () => {
    const url = filtered('/Users', 'userName eq x');
    expectError(await strict.request('GET', url), 400, 'invalidFilter');
    expect((await read(client, url)).totalResults).toBe(0);
  });
});

describe('a filter is read with', () => {
  it.each([
    ['16,384 characters', `title eq "${'x'.repeat(16_384 - 'title eq ""'.length)}"`],
    ['16,384 characters beyond ASCII', `title eq "${'€'.repeat(5000)}"`],
    ['100 terms', repeated(100, 'title eq "x"', ' or ')],
    [
      '100 terms of several kinds',
      repeated(25, 'name pr or emails pr or emails.type eq "x" or not (title pr)', ' and '),
    ],
    ['99 terms in value paths', repeated(33, 'emails[type eq "x" and value co "y"]', ' or ')],
    ['32 levels', nested(32, 'title eq "x"')],
    ['32 levels of not and a value path', `${'not ('.repeat(31)}emails[value eq "x"]${')'.repeat(31)}`],
    [
      '31 levels of and and or',
      `${'('.repeat(31)}title pr${' or active eq true) and title co "x"'.repeat(31)}`,
    ],
  ])('%s', async (_, filter) => {
    const { status, text } = await client.request('GET', filtered('/Users', filter));
    expect(status, text).toBe(200);
  });
});

describe('the value of a filter is taken literally', () => {
  const quoted = (text: string) => JSON.stringify(text);
  const titlesFound = async (filter: string): Promise<string[]> => {
    const { Resources } = await read(client, filtered('/Users', filter));
    return Resources.map(({ title }: { title: string }) => title).sort();
  };
  const those = (is: (title: string) => boolean) => LITERALS.filter(is).sort();

  it.each(LITERALS)('%j', async (text) => {
    for (const attribute of ['title', 'displayName'])
      for (const operator of ['eq', 'co', 'sw', 'ew'])
        expect(await titlesFound(`${attribute} ${operator} ${quoted(text)}`)).toEqual([text]);
  });

  it.each([
    '%',
    '_',
    '\\',
    '"',
    "'",
    '*',
    '.',
    '%%',
    '__',
    '\\%',
    '\\\\',
    '.*',
    '[',
    ']',
    '(',
    '^',
    '$',
    '?',
    '|',
    '--',
  ])('the characters %s', async (text) => {
    for (const attribute of ['title', 'displayName']) {
      const value = quoted(text);
      expect(await titlesFound(`${attribute} co ${value}`)).toEqual(those((title) => title.includes(text)));
      expect(await titlesFound(`${attribute} sw ${value}`)).toEqual(those((title) => title.startsWith(text)));
      expect(await titlesFound(`${attribute} ew ${value}`)).toEqual(those((title) => title.endsWith(text)));
      expect(await titlesFound(`${attribute} eq ${value}`)).toEqual([]);
    }
  });

  it('in value paths and on ids, which compare with case', async () => {
    expect(await idsOf(client, '/Users', 'emails[value co "%"]')).toEqual([]);
    expect(await idsOf(client, '/Users', 'emails[value sw "_"]')).toEqual([]);
    expect(await idsOf(client, '/Users', 'id co "%"')).toEqual([]);
    expect(await idsOf(client, '/Groups', 'members[value co "%"]')).toEqual([]);
    expect(await idsOf(client, '/Groups', 'members.value sw "_"')).toEqual([]);
  });
});

describe('the log', () => {
  it('holds no value and no text of a filter', async () => {
    const secret = 'ann.secret@example.com';
    await client.request('GET', filtered('/Users', `userName eq "${secret}"`));
    await client.request('GET', filtered('/Users', `isAdmin eq "${secret}"`));
    await client.request('GET', filtered('/Users', `userName eq "${secret}`));
    await client.request('GET', `/Users/${secret}`);
    await client.request('POST', '/Users', `{"userName":"${secret}"`);
    await client.request('GET', `/Nothing?x=${secret}`);
    await client.request('GET', `/Users/%ff${secret}`);
    expect(server.logLines.length).toBeGreaterThan(5);
    expect(server.logLines.filter((line) => /ann\.secret|isAdmin|userName/.test(line))).toEqual([]);
  });
});
