import { describe, expect, test } from 'vitest';
import { createUser, expectError, idsOf, patchBody, read } from '../http/messages.ts';
import { type Answer, BASE_URL } from '../support/server.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

const PASSWORD = 'a long enough Passw0rd';

/** A user, and requests that the user makes with their own name and password. */
async function person(password = PASSWORD) {
  const user = await createUser(provider.client, { password });
  const { userName } = user.json;
  const send = (method: string, path: string, body?: object, presented = password): Promise<Answer> => {
    const authorization = `Basic ${Buffer.from(`${userName}:${presented}`).toString('base64')}`;
    const type = body === undefined ? {} : { 'content-type': 'application/scim+json' };
    const text = body === undefined ? undefined : JSON.stringify(body);
    return provider.server.send(method, `/scim/v2${path}`, { authorization, ...type }, text);
  };
  return { ...user, userName, send };
}

describe('RFC 7644 section 3.11', () => {
  test('RFC 7644 3.11 [7644-3.11-1] [7644-3.11-4] [7644-2-9] /Me is the user who asks, to read and to change', async () => {
    const { client } = provider;
    const me = await person();
    const got = await me.send('GET', '/Me');
    expect([got.status, got.json]).toEqual([200, me.json]);
    const patch = patchBody({ op: 'replace', path: 'nickName', value: 'N' });
    const patched = await me.send('PATCH', '/Me', patch);
    expect([patched.status, patched.json.nickName]).toEqual([200, 'N']);
    const put = await me.send('PUT', '/Me', { ...patched.json, nickName: 'M' });
    expect([put.status, put.json.nickName]).toEqual([200, 'M']);
    expect(await read(client, me.path)).toEqual(put.json);
    const other = await person();
    expect((await other.send('GET', '/Me')).json).toEqual(other.json);
  });

  test('RFC 7644 3.11 [7644-3.11-5] Location is the permanent place of the user', async () => {
    const me = await person();
    const location = `${BASE_URL}/scim/v2${me.path}`;
    const patch = patchBody({ op: 'replace', path: 'nickName', value: 'N' });
    const answers = [
      await me.send('GET', '/Me'),
      await me.send('PUT', '/Me', me.json),
      await me.send('PATCH', '/Me', patch),
    ];
    for (const { status, headers, json } of answers)
      expect([status, headers.location, json.meta.location]).toEqual([200, location, location]);
    const refused = await me.send('PATCH', '/Me', patchBody({ op: 'remove' }));
    expect([refused.status, refused.headers.location]).toEqual([400, location]);
  });
});

describe('RFC 7644 section 5, passwords', () => {
  test('RFC 7644 5 [7644-5-2] passwords that PRECIS takes for the same are the same, and case counts', async () => {
    // decomposed, and with an ideographic space
    const me = await person('Pass w\u00f6rd number 1');
    for (const same of [
      'Pass w\u00f6rd number 1',
      'Pass wo\u0308rd number 1',
      'Pass\u3000w\u00f6rd number 1',
    ])
      expect((await me.send('GET', '/Me', undefined, same)).status).toBe(200);
    for (const other of ['pass w\u00f6rd number 1', 'Pass word number 1', 'Pass w\u00f6rd number 1 '])
      expectError(await me.send('GET', '/Me', undefined, other), 401);
    expect(await idsOf(provider.client, '/Users', `userName eq "${me.userName}"`)).toEqual([me.id]);
  });
});
