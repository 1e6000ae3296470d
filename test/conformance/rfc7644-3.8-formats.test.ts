import { describe, expect, test } from 'vitest';
import { createUser, expectError, read, UNKNOWN_ID, userBody } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

const NICK_NAME = 'Zoë 伍 🙂';
const SCIM_JSON = 'application/scim+json; charset=utf-8';

describe('RFC 7644 section 3.8', () => {
  test('RFC 7644 3.8 [7644-3.8-1] [7644-3.8-3] JSON in UTF-8 is read, with and without a charset', async () => {
    const { client } = provider;
    for (const type of [
      'application/scim+json',
      'application/json',
      'application/scim+json; charset=utf-8',
    ]) {
      const body = JSON.stringify(userBody({ nickName: NICK_NAME }));
      const { status, json } = await client.request('POST', '/Users', body, { 'content-type': type });
      expect([status, json.nickName]).toEqual([201, NICK_NAME]);
    }
    const latin1 = Buffer.from(JSON.stringify(userBody({ nickName: 'Zoë' })), 'latin1');
    expectError(await client.request('POST', '/Users', latin1), 400, 'invalidSyntax');
  });

  test('RFC 7644 3.8 [7644-3.8-2] answers are JSON in UTF-8', async () => {
    const { client } = provider;
    const { path } = await createUser(client, { nickName: NICK_NAME });
    const { headers, text } = await client.request('GET', path);
    expect(headers['content-type']).toBe(SCIM_JSON);
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text, 'utf8')));
    expect(JSON.parse(text).nickName).toBe(NICK_NAME);
  });

  test('RFC 7644 3.8 [7644-3.8-4] a body of another media type is 415', async () => {
    const { client } = provider;
    const body = JSON.stringify(userBody());
    for (const type of ['application/xml', 'text/plain', 'application/scim+json; charset=utf-16'])
      expectError(await client.request('POST', '/Users', body, { 'content-type': type }), 415);
  });

  test('RFC 7644 3.8 [7644-3.8-5] [7644-3.8-6] [7644-8.1-1] scim+json is sent, and plain JSON to those who accept only that', async () => {
    const { client } = provider;
    const { path } = await createUser(client);
    for (const url of [path, '/Users', '/Schemas', '/ServiceProviderConfig']) {
      const typeFor = async (headers: Record<string, string>) => {
        const answer = await client.request('GET', url, undefined, headers);
        expect(answer.status).toBe(200);
        return answer.headers['content-type'];
      };
      expect(await typeFor({ accept: 'application/scim+json' })).toBe(SCIM_JSON);
      expect(await typeFor({ accept: 'application/json' })).toBe('application/json; charset=utf-8');
      expect(await typeFor({ accept: 'application/json, application/scim+json' })).toBe(SCIM_JSON);
      expect(await typeFor({})).toBe(SCIM_JSON);
    }
    expectError(await client.request('GET', `/Users/${UNKNOWN_ID}`), 404);
    expect(await read(client, path)).toHaveProperty('id');
  });
});
