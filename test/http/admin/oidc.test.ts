import { Events, OAuth2Server } from 'oauth2-mock-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { type Browser, openBrowser, setUpOwner } from './console-client.ts';

const CLIENT_ID = 'roster';

/** An OpenID provider on this machine, at which somebody has signed in. */
const provider = new OAuth2Server();
/** What it says of them. */
let claims: Record<string, unknown>;

beforeAll(async () => {
  await provider.issuer.keys.generate('RS256');
  await provider.start(0, '127.0.0.1');
  provider.service.on(Events.BeforeTokenSigning, ({ payload }: { payload: Record<string, unknown> }) => {
    Object.assign(payload, { aud: CLIENT_ID, ...claims });
  });
  provider.service.on(Events.BeforeUserinfo, (response: { body: unknown }) => {
    response.body = { sub: claims.sub };
  });
});
afterAll(() => provider.stop());

let server: TestServer;
let browser: Browser;
beforeEach(async () => {
  claims = { sub: 'u1', email: 'Jo@Example.com', email_verified: true };
  const issuer = provider.issuer.url ?? '';
  server = await startServer({
    ...{ baseUrl: 'https://roster.test', oidc: { issuer, clientId: CLIENT_ID, clientSecret: 'secret' } },
  });
  browser = await openBrowser(server);
  await setUpOwner(server, browser, 'jo@example.com');
  browser.cookies.clear();
});
afterEach(() => server.close());

/** Goes to the provider, which sends the browser back at once. @returns where it goes then */
async function goAndReturn(
  at: Browser,
  returnTo = '',
  change: (back: URL) => void = () => {},
): Promise<{ to: URL; asked: URL }> {
  const query = returnTo === '' ? '' : `?${new URLSearchParams({ returnTo })}`;
  const start = await at.request('GET', `/session/oidc${query}`);
  expect(start.status).toBe(302);
  const asked = new URL(String(start.headers.location));
  const sent = await fetch(asked, { redirect: 'manual' });
  const back = new URL(sent.headers.get('location') ?? '');
  change(back);
  expect(back.origin + back.pathname).toBe('https://roster.test/api/v1/session/oidc/callback');
  const answer = await at.request('GET', `/session/oidc/callback${back.search}`);
  expect(answer.status).toBe(302);
  return { to: new URL(String(answer.headers.location), 'https://roster.test'), asked };
}

const errorOf = ({ to }: { to: URL }): string => {
  expect(to.pathname).toBe('/console/sign-in');
  return to.searchParams.get('error') ?? '';
};

describe('sign-in by an OpenID provider', () => {
  it('asks for a code with PKCE, state and nonce, and begins a session', async () => {
    const { json } = await browser.request('GET', '/session/options');
    expect(json.oidc.name).toMatch(/^localhost:\d+$/);
    const { to, asked } = await goAndReturn(browser, '/console/t/acme.com/users?filter=x#y');
    expect(to.href).toBe('https://roster.test/console/t/acme.com/users?filter=x#y');
    const { searchParams } = asked;
    expect(searchParams.get('response_type')).toBe('code');
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(searchParams.get(name)).toMatch(/^[\w-]{43}$/);
    expect((await browser.request('GET', '/session')).json.operator).toMatchObject({
      email: 'jo@example.com',
    });
    expect(browser.cookies.has('__Host-roster-oidc')).toBe(false);
  });

  it('keeps its cookies lax, since the provider is another site', async () => {
    const start = await browser.request('GET', '/session/oidc');
    expect(String(start.headers['set-cookie'])).toMatch(
      /^__Host-roster-oidc=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(String(start.headers['set-cookie'])).not.toContain(
      new URL(String(start.headers.location)).searchParams.get('nonce'),
    );
  });

  it('knows an operator by the subject from the first time on, whatever the e-mail address is then', async () => {
    await goAndReturn(browser);
    claims = { sub: 'u1', email: 'married@example.com', email_verified: false };
    const other = await openBrowser(server);
    expect((await goAndReturn(other)).to.pathname).toBe('/console/');
    expect((await other.request('GET', '/session')).json.operator.email).toBe('jo@example.com');
    claims = { sub: 'u2', email: 'jo@example.com', email_verified: true };
    expect(errorOf(await goAndReturn(await openBrowser(server)))).toMatch(/No active operator/);
  });

  it.each([
    [
      'an address that nobody has',
      { sub: 'u', email: 'nobody@example.com', email_verified: true },
      /No active/,
    ],
    [
      'an address that is not verified',
      { sub: 'u', email: 'jo@example.com', email_verified: false },
      /verified/,
    ],
    ['an address of which nothing is said', { sub: 'u', email: 'jo@example.com' }, /verified/],
    ['no address', { sub: 'u' }, /verified/],
    ['a token for somebody else', { sub: 'u1', aud: 'another' }, /not let you in/],
    ['a token of somebody else', { sub: 'u1', iss: 'https://evil.test' }, /not let you in/],
    ['another nonce', { sub: 'u1', nonce: 'x' }, /not let you in/],
    ['a token that is too old', { sub: 'u1', exp: 1_000_000_000 }, /not let you in/],
  ])('lets nobody in by %s', async (_what, given, why) => {
    claims = given;
    expect(errorOf(await goAndReturn(browser))).toMatch(why);
    expect(browser.cookies.has('__Host-roster-session')).toBe(false);
    expect(await server.services.storage.operators.listOperators()).toHaveLength(1);
  });

  it('lets nobody in who is not active, also when the provider has vouched for them before', async () => {
    const { operators } = server.services.storage;
    const [jo] = await operators.listOperators();
    await operators.changeOperator(jo?.id ?? '', () => ({ active: false }));
    expect(errorOf(await goAndReturn(browser))).toMatch(/No active operator/);
    await operators.changeOperator(jo?.id ?? '', () => ({ active: true }));
    await goAndReturn(browser);
    await operators.changeOperator(jo?.id ?? '', () => ({ active: false }));
    expect(errorOf(await goAndReturn(await openBrowser(server)))).toMatch(/No active operator/);
  });

  it('ends in the browser that it was begun in', async () => {
    const start = await browser.request('GET', '/session/oidc');
    const sent = await fetch(String(start.headers.location), { redirect: 'manual' });
    const { search } = new URL(sent.headers.get('location') ?? '');
    const victim = await openBrowser(server);
    const answer = await victim.request('GET', `/session/oidc/callback${search}`);
    expect(answer.headers.location).toMatch(/error=The\+sign-in\+was\+not\+begun\+in\+this\+browser/);
    expect(victim.cookies.size).toBe(0);
  });

  it('is refused with another state, without a code, and when the provider says no', async () => {
    const changes: ((back: URL) => void)[] = [
      (back) => back.searchParams.set('state', 'other'),
      (back) => back.searchParams.delete('code'),
      (back) => {
        back.searchParams.delete('code');
        back.searchParams.set('error', 'access_denied');
        back.searchParams.set('error_description', 'You owe us money');
      },
    ];
    for (const change of changes) {
      const error = errorOf(await goAndReturn(browser, '', change));
      expect(error).toMatch(/not let you in/);
      expect(error).not.toContain('money');
    }
  });

  it.each([
    'https://evil.test/',
    '//evil.test',
    '/\\evil.test',
    '/console//evil.test',
    '/console/..//evil.test',
    '/console/%2e%2E/api/v1/x',
    '/console/\r\nSet-Cookie: a=b',
    '/console/\t/evil.test',
    '/api/v1/x',
    'console',
  ])('comes back to the console and not to %j', async (returnTo) => {
    expect((await goAndReturn(browser, returnTo)).to.href).toBe('https://roster.test/console/');
  });

  it('comes back to a page whose URL has letters of any script', async () => {
    const { to } = await goAndReturn(browser, '/console/t/acme.com/users?search=\u00d6\u20ac\u732b');
    expect(to.href).toBe('https://roster.test/console/t/acme.com/users?search=%C3%96%E2%82%AC%E7%8C%AB');
  });

  it('asks the provider to ask again where somebody has a session, and checks when it has', async () => {
    await goAndReturn(browser);
    const now = Math.floor(Date.now() / 1000);
    claims = { ...claims, auth_time: now - 3600 };
    const old = await goAndReturn(browser);
    expect(old.asked.searchParams.get('max_age')).toBe('300');
    expect(errorOf(old)).toMatch(/not let you in/);
    claims = { ...claims, auth_time: now - 20 };
    await goAndReturn(browser);
    const { json } = await browser.request('GET', '/session');
    expect(Math.round(Date.parse(json.authenticated) / 1000)).toBe(now - 20);
  });

  it('gives an operator without a password one, when the provider has just asked', async () => {
    const { operators } = server.services.storage;
    const [jo] = await operators.listOperators();
    await operators.changeOperator(jo?.id ?? '', () => ({ password: undefined }));
    const change = { current: '', password: 'quiet lantern copper 17' };
    claims = { ...claims, auth_time: Math.floor(Date.now() / 1000) - 3600 };
    await goAndReturn(browser);
    const refused = await browser.request('POST', '/account/password', change);
    expect(refused).toMatchObject({ status: 403, json: { type: 'urn:roster:reauthenticate' } });
    browser.cookies.clear();
    claims = { ...claims, auth_time: Math.floor(Date.now() / 1000) };
    await goAndReturn(browser);
    expect((await browser.request('POST', '/account/password', change)).status).toBe(204);
  });

  it('counts from when the provider has asked, so that an old sign-in there confirms nothing here', async () => {
    claims = { ...claims, auth_time: Math.floor(Date.now() / 1000) - 3600 };
    await goAndReturn(browser);
    const answer = await browser.request('POST', '/account/keys', { name: 'x' });
    expect(answer).toMatchObject({ status: 403, json: { type: 'urn:roster:reauthenticate' } });
  });
});

it('without a provider there is none to go to', async () => {
  const plain = await startServer({ baseUrl: 'https://roster.test' });
  try {
    const at = await openBrowser(plain);
    expect((await at.request('GET', '/session/oidc')).status).toBe(404);
    expect((await at.request('GET', '/session/options')).json.oidc).toBeUndefined();
  } finally {
    await plain.close();
  }
});

it('a provider that does not answer is told of, and asked again the next time', async () => {
  const gone = await startServer({
    baseUrl: 'https://roster.test',
    oidc: { issuer: 'http://127.0.0.1:9', clientId: CLIENT_ID, clientSecret: undefined },
  });
  try {
    const at = await openBrowser(gone);
    for (let tries = 0; tries < 2; tries++) {
      const answer = await at.request('GET', '/session/oidc');
      expect(answer).toMatchObject({ status: 503 });
      expect(answer.json.detail).toMatch(/OpenID provider http:\/\/127\.0\.0\.1:9 can't be used/);
    }
  } finally {
    await gone.close();
  }
});
