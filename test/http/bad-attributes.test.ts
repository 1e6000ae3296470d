import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import { type Created, createUser, filtered, read } from './messages.ts';

let server: TestServer;
let client: Client;
let user: Created;
beforeAll(async () => {
  server = await startServer();
  client = await server.connect({ dialect: 'strict' });
  user = await createUser(client, { title: 'T', password: 'correct horse: battery' });
});
afterAll(() => server.close());

describe('RFC 7644 3.9: attributes', () => {
  it.each([
    ['unknown ones', 'nobody,name.nobody,urn:x:y,__proto__'],
    ['one that is never returned', 'password'],
    ['no names at all', ',%20,%00,[],a b,"'],
    ['thousands of names', Array(3000).fill('nobody').join()],
  ])('%s show what is always shown, and hide nothing', async (_, names) => {
    const whole = await read(client, user.path);
    for (const [path, found] of [
      [user.path, (json: { id: string }) => json],
      [filtered('/Users', `id eq "${user.id}"`), ({ Resources }: { Resources: object[] }) => Resources[0]],
    ] as const) {
      const mark = path.includes('?') ? '&' : '?';
      const shown = found(await read(client, `${path}${mark}attributes=${encodeURI(names)}`));
      expect(Object.keys(shown ?? {}).sort()).toEqual(['id', 'schemas']);
      expect(found(await read(client, `${path}${mark}excludedAttributes=${encodeURI(names)}`))).toEqual(
        whole,
      );
    }
  });
});
