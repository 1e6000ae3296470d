import { beforeAll, describe, expect, test } from 'vitest';
import { createGroup, createUser, expectError, filtered, newName, read } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

const WORD = newName('word');
const names = new Map<string, string>();
beforeAll(async () => {
  const { client } = provider;
  names.set((await createUser(client, { displayName: `${WORD} user`, title: 'Boss' })).id, 'boss');
  names.set((await createUser(client, { displayName: `${WORD} another` })).id, 'user');
  names.set((await createGroup(client, { displayName: `${WORD} group` })).id, 'group');
});

/** What a query on the root finds among the resources of this file. */
async function found(filter: string): Promise<string[]> {
  const { Resources } = await read(provider.client, filtered('/', filter));
  return Resources.flatMap(({ id }: { id: string }) => names.get(id) ?? []).toSorted();
}

describe('RFC 7644 section 3.4.2.1', () => {
  test('RFC 7644 3.4.2.1 [7644-3.4.2.1-1] [7644-3.4.2.1-2] the root has the resources of all endpoints', async () => {
    const { client } = provider;
    const [all, users, groups] = await Promise.all(
      ['/', '/Users', '/Groups'].map((path) => read(client, path)),
    );
    expect(all.totalResults).toBe(users.totalResults + groups.totalResults);
    expect(all.Resources).toHaveLength(all.totalResults);
    expect(all.Resources).toEqual(expect.arrayContaining([...users.Resources, ...groups.Resources]));
    const [user] = users.Resources;
    expect((await read(client, `/Users/${user.id}?attributes=displayName`)).displayName).toBe(
      user.displayName,
    );
  });

  test('RFC 7644 3.4.2.1 [7644-3.4.2.1-3] meta.resourceType chooses the types', async () => {
    expect(await found('meta.resourceType eq "User"')).toEqual(['boss', 'user']);
    expect(await found('meta.resourceType eq "Group"')).toEqual(['group']);
    const both = '(meta.resourceType eq "User") or (meta.resourceType eq "Group")';
    expect(await found(both)).toEqual(['boss', 'group', 'user']);
    expect(await found(`meta.resourceType eq "Group" and displayName sw "${WORD}"`)).toEqual(['group']);
  });

  test('RFC 7644 3.4.2.1 [7644-3.4.2.1-5] a filter on the root is a filter as on any endpoint', async () => {
    expect(await found(`displayName sw "${WORD.toUpperCase()}"`)).toEqual(['boss', 'group', 'user']);
    expect(await found(`displayName ew "group" or title eq "boss" and not (userName pr)`)).toEqual(['group']);
    for (const filter of ['displayName', 'displayName regex "x"', 'colour eq "x"', 'active gt true'])
      expectError(await provider.client.request('GET', filtered('/', filter)), 400, 'invalidFilter');
  });

  test('RFC 7644 3.4.2.1 [7644-3.4.2.1-6] an attribute that a type does not have is without a value', async () => {
    const here = `displayName sw "${WORD}"`;
    expect(await found(`${here} and userName pr`)).toEqual(['boss', 'user']);
    expect(await found(`${here} and title eq "Boss"`)).toEqual(['boss']);
    expect(await found(`${here} and not (title eq "Boss")`)).toEqual(['group', 'user']);
    expect(await found(`${here} and members pr`)).toEqual([]);
    expect(await found(`${here} and not (userName pr)`)).toEqual(['group']);
  });
});
