import { beforeAll, describe, expect, test } from 'vitest';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { createUser, expectError, filtered, idsOf, newName, read } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

const TITLE = newName('title');
const PEOPLE = {
  ann: {
    nickName: 'Ann',
    userType: 'Employee',
    externalId: 'Ext-A',
    active: true,
    emails: [
      { value: 'ann@work.example', type: 'work', primary: true },
      { value: 'ann@home.example', type: 'home' },
    ],
    [ENTERPRISE_USER_SCHEMA]: { department: 'Sales' },
  },
  bob: {
    nickName: 'bob',
    userType: 'Intern',
    externalId: 'ext-b',
    active: false,
    emails: [{ value: 'bob@home.example', type: 'work' }],
    name: { givenName: 'Bob' },
  },
  cat: { nickName: 'Cat', userType: 'Employee' },
};
type Person = keyof typeof PEOPLE;

const people = new Map<string, Person>();
beforeAll(async () => {
  for (const [name, person] of Object.entries(PEOPLE)) {
    const user = await createUser(provider.client, { title: TITLE, emails: [], ...person });
    people.set(user.id, name as Person);
  }
});

/** The people that a filter finds. */
async function found(filter: string): Promise<(Person | undefined)[]> {
  const ids = await idsOf(provider.client, '/Users', filter);
  return ids.flatMap((id) => people.get(id) ?? []).toSorted();
}

async function expectFound(rows: Record<string, Person[]>): Promise<void> {
  const answers = await Promise.all(Object.keys(rows).map(async (filter) => [filter, await found(filter)]));
  expect(Object.fromEntries(answers)).toEqual(rows);
}

async function expectRefused(filters: readonly string[]): Promise<void> {
  for (const filter of filters) {
    const answer = await provider.client.request('GET', filtered('/Users', filter));
    expect([answer.status, answer.json.scimType], filter).toEqual([400, 'invalidFilter']);
    expectError(answer, 400, 'invalidFilter');
  }
}

describe('RFC 7644 section 3.4.2.2', () => {
  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-1] [7644-3.4.2.2-2] each operator finds what matches, and only that', async () => {
    expect((await read(provider.client, '/ServiceProviderConfig')).filter.supported).toBe(true);
    const { Resources, totalResults } = await read(
      provider.client,
      filtered('/Users', `title eq "${TITLE}"`),
    );
    expect(totalResults).toBe(people.size);
    expect(new Set(Resources.map(({ id }: { id: string }) => id))).toEqual(new Set(people.keys()));
    await expectFound({
      'nickName eq "ann"': ['ann'],
      'nickName ne "ann"': ['bob', 'cat'],
      'nickName co "A"': ['ann', 'cat'],
      'nickName sw "a"': ['ann'],
      'nickName ew "b"': ['bob'],
      'emails pr': ['ann', 'bob'],
      'nickName gt "bob"': ['cat'],
      'nickName ge "bob"': ['bob', 'cat'],
      'nickName lt "bob"': ['ann'],
      'nickName le "bob"': ['ann', 'bob'],
      'active eq true': ['ann'],
      'active eq false': ['bob'],
      'emails.value co "home.example"': ['ann', 'bob'],
      'emails co "home.example"': ['ann', 'bob'],
      'NICKNAME Eq "Ann"': ['ann'],
      'meta.created gt "2020-01-01T00:00:00Z"': ['ann', 'bob', 'cat'],
      'meta.created lt "2020-01-01T00:00:00Z"': [],
    });
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-3] [7644-3.4.2.2-4] a filter without a whole expression is refused', async () => {
    await expectRefused(['%20', '()', 'nickName', 'nickName eq', 'eq "x"', '"x" eq nickName', 'pr']);
    await expectRefused([
      'nickName pr and',
      'nickName pr and nickName',
      'nickName pr "x"',
      'not',
      'and',
      '[]',
    ]);
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-5] and, or and not combine expressions', async () => {
    await expectFound({
      'userType eq "Employee" and active eq true': ['ann'],
      'userType eq "Intern" or nickName eq "cat"': ['bob', 'cat'],
      'not (userType eq "Employee")': ['bob'],
      'userType pr and not (emails co "home.example" or emails.value co "example.org")': ['cat'],
    });
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-6] Boolean and binary values have no order', async () => {
    for (const operator of ['gt', 'ge', 'lt', 'le'])
      await expectRefused([
        `active ${operator} true`,
        `emails.primary ${operator} false`,
        `emails[primary ${operator} true]`,
        `x509Certificates.value ${operator} "AAAA"`,
        `x509Certificates[value ${operator} "AAAA"]`,
      ]);
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-7] [7644-3.4.2.2-13] brackets, not, and, or bind in this order', async () => {
    await expectFound({
      'nickName eq "cat" or userType eq "Employee" and active eq true': ['ann', 'cat'],
      '(nickName eq "cat" or userType eq "Employee") and active eq true': ['ann'],
      'not (nickName eq "cat") and userType eq "Employee"': ['ann'],
      'not (nickName eq "cat" and userType eq "Intern") and active pr': ['ann', 'bob'],
      'active eq true and userType eq "Employee" or nickName eq "cat"': ['ann', 'cat'],
      'active eq true and (userType eq "Employee" or nickName eq "cat")': ['ann'],
    });
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-8] [7644-3.4.2.2-9] a value path is about one value', async () => {
    await expectFound({
      'emails.type eq "work" and emails.value co "home.example"': ['ann', 'bob'],
      'emails[type eq "work" and value co "home.example"]': ['bob'],
      'userType eq "Employee" and emails[type eq "work" and value co "@work.example"]': ['ann'],
      'emails[type eq "home"] or ims[type eq "xmpp" and value co "@foo.com"]': ['ann'],
    });
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-10] within square brackets stands a filter on sub-attributes', async () => {
    await expectRefused([
      'emails[]',
      'emails[type]',
      'emails[nickName eq "Ann"]',
      'emails[emails.type eq "work"]',
      'emails[type eq "work"',
      'emails[type eq "work" and]',
      'nickName[value eq "Ann"]',
    ]);
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-11] expressions within square brackets may be nested', async () => {
    await expectFound({
      'emails[(type eq "home" or primary eq true) and value co "ann"]': ['ann'],
      'emails[not (type eq "home") and (value co "bob" or value co "cat")]': ['bob'],
    });
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-12] what the grammar does not allow is refused', async () => {
    await expectRefused([
      'nickName == "Ann"',
      "nickName eq 'Ann'",
      'nickName eq Ann',
      'nickName eq "Ann',
      'nickName eq "A" "B"',
      'nickName eq "\\x"',
      'nickName eq 01',
      'active eq True',
      '(nickName pr',
      'nickName pr)',
      'not nickName pr',
      'nickName pr & title pr',
      'nickName pr, title pr',
      'nick Name pr',
      '1name pr',
      'name..givenName pr',
      '.givenName pr',
      'nickName.first.second pr',
    ]);
    await expectFound({
      'nickName eq "\\u0041nn"': ['ann'],
      [`${USER_SCHEMA}:nickName eq "Ann"`]: ['ann'],
      [`${ENTERPRISE_USER_SCHEMA}:department sw "S"`]: ['ann'],
      'not (not (nickName eq "Ann"))': ['ann'],
      '((nickName eq "Ann"))': ['ann'],
      'nickName eq "Ann" AND title pr': ['ann'],
    });
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-14] a complex attribute is compared by a sub-attribute', async () => {
    await expectFound({ 'name.givenName eq "Bob"': ['bob'], 'name pr': ['bob'] });
    await expectRefused([
      'name eq "Bob"',
      'name co "Bob"',
      'addresses eq "Bob"',
      'meta gt "2020-01-01T00:00:00Z"',
    ]);
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-15] a value that the server gave is found by what it answered', async () => {
    const { id, json } = await createUser(provider.client);
    const { userUuid } = json[SAP_USER_SCHEMA];
    const filter = `${SAP_USER_SCHEMA}:userUuid eq "${userUuid}"`;
    expect(await idsOf(provider.client, '/Users', filter)).toEqual([id]);
    expect(await idsOf(provider.client, '/Users', `id eq "${id}" and not (active pr)`)).toEqual(
      json.active === undefined ? [id] : [],
    );
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-17] an operator that is not known is refused by name', async () => {
    for (const operator of ['regex', 'like', 'in', 'eqq']) {
      const answer = await provider.client.request('GET', filtered('/Users', `nickName ${operator} "Ann"`));
      expectError(answer, 400, 'invalidFilter');
      expect(answer.json.detail).toContain(operator);
    }
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-18] caseExact decides whether case counts', async () => {
    await expectFound({
      'nickName eq "ANN"': ['ann'],
      'emails.value co "ANN@"': ['ann'],
      'externalId eq "Ext-A"': ['ann'],
      'externalId eq "ext-a"': [],
      'externalId sw "ext-"': ['bob'],
    });
  });

  test('RFC 7644 3.4.2.2 [7644-3.4.2.2-19] a filter on schemas finds those that use an extension', async () => {
    await expectFound({
      [`schemas eq "${ENTERPRISE_USER_SCHEMA}"`]: ['ann'],
      [`schemas eq "${USER_SCHEMA}"`]: ['ann', 'bob', 'cat'],
    });
  });
});
