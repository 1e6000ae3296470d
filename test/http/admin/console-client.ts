import type { Answer, TestServer } from '../../support/server.ts';
import { answerChecker } from './admin-client.ts';

export const PASSWORD = 'violet otter harbour 42';

/** A browser in which somebody works with the console: it keeps cookies. */
export interface Browser {
  readonly cookies: Map<string, string>;
  /** A header that is undefined is left out. */
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string | undefined>,
  ): Promise<Answer>;
}

/** The document is the same on every server. */
let checker: Promise<ReturnType<typeof answerChecker>> | undefined;

/** @param address where its requests come from, as a proxy says; needs a server that believes proxies */
export async function openBrowser(server: TestServer, address?: string): Promise<Browser> {
  checker ??= server.send('GET', '/openapi.json', {}).then(({ json }) => answerChecker(json));
  const check = await checker;
  const cookies = new Map<string, string>();
  return {
    cookies,
    async request(method, path, body, headers = {}) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const all = Object.entries({
        'x-roster-request': '1',
        'user-agent': 'Browser 1.0',
        ...(cookie !== '' && { cookie }),
        ...(address !== undefined && { 'x-forwarded-for': address }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      });
      const given = all.filter((entry): entry is [string, string] => entry[1] !== undefined);
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const answer = await server.send(method, `/api/v1${path}`, Object.fromEntries(given), payload);
      check(method, `/api/v1${path}`, answer);
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(String(line)) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      return answer;
    },
  };
}

/** The code of a one-time link. */
export const codeOf = (link: { readonly url: string } | undefined): string => link?.url.split('#')[1] ?? '';

/** Makes the first owner, whose session the browser then has. */
export async function setUpOwner(
  server: TestServer,
  browser: Browser,
  email = 'jo@example.com',
): Promise<Answer> {
  const code = codeOf(await server.operatorServices.links.makeSetup());
  return browser.request('POST', '/setup', { code, email, name: 'Jo Owner', password: PASSWORD });
}

/** Invites an operator and lets them choose a password in a browser of their own. */
export async function inviteTo(
  server: TestServer,
  owner: Browser,
  operator: { readonly email: string; readonly role: string; readonly tenant?: string },
): Promise<{ readonly id: string; readonly browser: Browser }> {
  const { json } = await owner.request('POST', '/operators', { name: 'Somebody', ...operator });
  const browser = await openBrowser(server);
  await browser.request('POST', '/links/accept', { code: codeOf(json.link), password: PASSWORD });
  return { id: json.operator.id, browser };
}
