import { beforeAll, describe, expect, test } from 'vitest';
import { createUser, filtered, newName, read } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

const TITLE = newName('title');
/** In the order of their making; `key` is what the answers are recognised by. */
const PEOPLE = [
  { key: 'x', nickName: 'beta', externalId: 'b', active: true },
  { key: 'y', nickName: 'Alpha', externalId: 'B', active: false, name: { familyName: 'Zuse' } },
  {
    key: 'z',
    nickName: 'gamma',
    externalId: 'a',
    name: { familyName: 'aalto' },
    emails: [
      { value: 'c@example.com', type: 'work' },
      { value: 'a@example.com', type: 'home', primary: true },
    ],
  },
  { key: 'w', emails: [{ value: 'b@example.com' }, { value: 'z@example.com' }] },
];

const keys = new Map<string, string>();
beforeAll(async () => {
  for (const { key, ...person } of PEOPLE) {
    const { id } = await createUser(provider.client, { title: TITLE, emails: [], ...person });
    keys.set(id, key);
  }
});

/** The people in the order of a query. */
async function order(parameters: string): Promise<string> {
  const { Resources } = await read(
    provider.client,
    `${filtered('/Users', `title eq "${TITLE}"`)}&${parameters}`,
  );
  return Resources.map(({ id }: { id: string }) => keys.get(id)).join('');
}

describe('RFC 7644 section 3.4.2.3', () => {
  test('RFC 7644 3.4.2.3 [7644-3.4.2.3-1] [7644-3.4.2.3-2] sortBy orders by any attribute', async () => {
    expect((await read(provider.client, '/ServiceProviderConfig')).sort.supported).toBe(true);
    expect(await order('sortBy=meta.created')).toBe('xyzw');
    expect(await order('sortBy=nickName')).toBe('yxzw');
    expect((await order('sortBy=name.familyName')).slice(0, 2)).toBe('zy');
    expect((await order('sortBy=emails.value')).slice(0, 2)).toBe('zw');
    expect((await order('sortBy=emails')).slice(0, 2)).toBe('zw');
  });

  test('RFC 7644 3.4.2.3 [7644-3.4.2.3-3] ascending is the default; those without a value are last, or first', async () => {
    for (const [sortBy, ascending, descending] of [
      ['nickName', 'yxzw', 'wzxy'],
      ['meta.created', 'xyzw', 'wzyx'],
    ] as const) {
      expect(await order(`sortBy=${sortBy}`)).toBe(ascending);
      expect(await order(`sortBy=${sortBy}&sortOrder=ascending`)).toBe(ascending);
      expect(await order(`sortBy=${sortBy}&sortOrder=descending`)).toBe(descending);
    }
    expect((await order('sortBy=name.familyName')).slice(2).split('').toSorted()).toEqual(['w', 'x']);
    const descending = await order('sortBy=name.familyName&sortOrder=descending');
    expect(descending.slice(0, 2).split('').toSorted()).toEqual(['w', 'x']);
    expect(descending.slice(2)).toBe('yz');
  });

  test('RFC 7644 3.4.2.3 [7644-3.4.2.3-4] strings are sorted as caseExact says, other types by their values', async () => {
    // "B" comes before "a" only where case counts
    expect(await order('sortBy=externalId')).toBe('yzxw');
    expect(await order('sortBy=nickName')).toBe('yxzw');
    expect((await order('sortBy=active')).slice(0, 2)).toBe('yx');
    expect((await order('sortBy=active&sortOrder=descending')).slice(2)).toBe('xy');
  });
});
