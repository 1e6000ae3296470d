import { expect } from 'vitest';
import type { Console } from './console.ts';

export interface Account {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

export const OWNER: Account = {
  email: 'olga@example.com',
  name: 'Olga Owner',
  password: 'violet otter harbour 42',
};

/** An operator who works with the admin API by a program, to make what a journey needs besides. */
export interface Operator {
  // biome-ignore lint/suspicious/noExplicitAny: tests read what came back
  call(method: string, path: string, body?: unknown): Promise<any>;
}

/** The code at the end of a one-time link. */
const codeOf = (link: string): string => new URL(link).hash.slice(1);

/** Makes the first owner as the set-up page does. */
export async function setUpOwner(console: Console): Promise<Operator> {
  const { email, name, password } = OWNER;
  return await begin(console, '/setup', {
    code: codeOf(console.start.setupUrl),
    email,
    name,
    password,
  });
}

/** Accepts an invitation as its page does. */
export const acceptInvitation = (console: Console, link: string, password: string): Promise<Operator> =>
  begin(console, '/links/accept', { code: codeOf(link), password });

async function begin(console: Console, path: string, body: unknown): Promise<Operator> {
  const api = `${console.url}/api/v1`;
  const send = (method: string, at: string, content: unknown, cookie: string): Promise<Response> =>
    fetch(`${api}${at}`, {
      method,
      headers: {
        'x-roster-request': '1',
        ...(cookie === '' ? {} : { cookie }),
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    });
  const begun = await send('POST', path, body, '');
  expect(begun.ok, await begun.clone().text()).toBe(true);
  const cookie = begun.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  return {
    async call(method, at, content) {
      const answer = await send(method, at, content, cookie);
      const text = await answer.text();
      expect(answer.ok, `${method} ${at}: ${answer.status} ${text}`).toBe(true);
      return text === '' ? undefined : JSON.parse(text);
    },
  };
}
