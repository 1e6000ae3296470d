import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { type Browser, codeOf, openBrowser, PASSWORD, setUpOwner } from './console-client.ts';

const EMAIL = 'jo@example.com';
const MINUTE = 60_000;

let time: number;
let server: TestServer;
let browser: Browser;
beforeEach(async () => {
  time = Date.parse('2026-05-04T03:02:01.000Z');
  server = await startServer({ baseUrl: 'https://roster.test', trustProxy: true, now: () => time });
  browser = await openBrowser(server);
});
afterEach(() => server.close());

const signIn = (more: object = {}, at = browser) =>
  at.request('POST', '/session', { email: EMAIL, password: PASSWORD, ...more });

describe('the first owner', () => {
  it('is made by the set-up link, once, and has signed in then', async () => {
    expect((await browser.request('GET', '/session/options')).json).toEqual({ needsSetup: true });
    const links = [
      await server.operatorServices.links.makeSetup(),
      await server.operatorServices.links.makeSetup(),
    ];
    const [first, second] = links.map(codeOf);
    expect(links[0]?.url).toMatch(/^https:\/\/roster\.test\/console\/setup#[\w-]{43}$/);
    expect((await browser.request('POST', '/links/show', { code: first })).json).toMatchObject({
      kind: 'setup',
    });
    const person = { email: 'Jo@Example.com', name: 'Jo', password: PASSWORD };
    const answer = await browser.request('POST', '/setup', { code: first, ...person });
    expect(answer.status).toBe(201);
    expect(answer.json.operator).toMatchObject({ email: 'Jo@Example.com', role: 'owner', hasPassword: true });
    expect((await browser.request('GET', '/session')).json.operator.name).toBe('Jo');
    for (const code of [first, second])
      expect((await browser.request('POST', '/setup', { code, ...person })).status).toBe(410);
    expect(await server.operatorServices.links.makeSetup()).toBeUndefined();
    expect((await browser.request('GET', '/session/options')).json).toEqual({ needsSetup: false });
    expect((await signIn({}, await openBrowser(server))).status).toBe(200);
  });

  it('is one, though two use links at the same time', async () => {
    const codes = await Promise.all(
      [0, 1, 2].map(async () => codeOf(await server.operatorServices.links.makeSetup())),
    );
    const answers = await Promise.all(
      codes.map((code, index) =>
        browser.request('POST', '/setup', { code, email: `p${index}@x.org`, name: 'P', password: PASSWORD }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 410, 410]);
  });

  it('is not made by a link that is too old or wrong, nor with a bad password', async () => {
    const code = codeOf(await server.operatorServices.links.makeSetup());
    const person = { code, email: EMAIL, name: 'Jo', password: PASSWORD };
    const weak = await browser.request('POST', '/setup', { ...person, password: 'too short' });
    expect(weak).toMatchObject({ status: 400, json: { fields: [{ path: 'password' }] } });
    const email = await browser.request('POST', '/setup', { ...person, email: 'jo' });
    expect(email).toMatchObject({ status: 400, json: { fields: [{ path: 'email' }] } });
    for (const other of ['', 'x', 'A'.repeat(43)])
      expect((await browser.request('POST', '/setup', { ...person, code: other })).status).toBe(410);
    time += 30 * MINUTE;
    expect((await browser.request('POST', '/setup', person)).status).toBe(410);
    expect((await browser.request('POST', '/links/show', { code })).status).toBe(410);
  });
});

describe('a session', () => {
  beforeEach(async () => void (await setUpOwner(server, browser)));

  it('is kept in a cookie that no other host, script or site gets, as a digest in the database', async () => {
    const answer = await signIn();
    const lines = [answer.headers['set-cookie'] ?? []].flat();
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^__Host-roster-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect(lines[1]).toMatch(
      /^__Host-roster-device=\S+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
    const secret = browser.cookies.get('__Host-roster-session') ?? '';
    const stored = await server.stored();
    for (const text of [secret, PASSWORD]) expect(stored.includes(text)).toBe(false);
    expect(JSON.stringify(server.logLines)).not.toContain(secret);
  });

  it('is another one after each sign-in, and the one before ends', async () => {
    const before = browser.cookies.get('__Host-roster-session') ?? '';
    await signIn();
    expect(browser.cookies.get('__Host-roster-session')).not.toBe(before);
    browser.cookies.set('__Host-roster-session', before);
    expect((await browser.request('GET', '/session')).status).toBe(401);
  });

  it('ends after 30 minutes without a request, and after 8 hours with them', async () => {
    for (let minute = 0; minute < 8 * 60 - 29; minute += 29) {
      expect((await browser.request('GET', '/session')).status).toBe(200);
      time += 29 * MINUTE;
    }
    time += 29 * MINUTE;
    expect((await browser.request('GET', '/session')).status).toBe(401);
    expect((await signIn()).status).toBe(200);
    time += 30 * MINUTE;
    expect((await browser.request('GET', '/session')).status).toBe(401);
  });

  it('ends when one signs out', async () => {
    const secret = browser.cookies.get('__Host-roster-session') ?? '';
    expect((await browser.request('DELETE', '/session')).status).toBe(204);
    expect(browser.cookies.has('__Host-roster-session')).toBe(false);
    browser.cookies.set('__Host-roster-session', secret);
    expect((await browser.request('GET', '/session')).status).toBe(401);
  });

  it('is listed with the others of the operator, and ends from there', async () => {
    const other = await openBrowser(server, '192.0.2.7');
    time += MINUTE;
    await signIn({}, other);
    const { json } = await browser.request('GET', '/account/sessions');
    expect(json).toMatchObject([
      { address: '192.0.2.7', userAgent: 'Browser 1.0', isCurrent: false },
      { address: '127.0.0.1', isCurrent: true },
    ]);
    expect((await browser.request('DELETE', `/account/sessions/${json[0].id}`)).status).toBe(204);
    expect((await browser.request('DELETE', `/account/sessions/${json[0].id}`)).status).toBe(404);
    expect((await other.request('GET', '/session')).status).toBe(401);
    await signIn({}, other);
    expect((await browser.request('DELETE', '/account/sessions')).status).toBe(204);
    expect((await other.request('GET', '/session')).status).toBe(401);
    expect((await browser.request('GET', '/session')).status).toBe(200);
  });

  it('counts as confirmed for five minutes, then asks for the password again', async () => {
    const key = { name: 'script' };
    expect((await browser.request('POST', '/account/keys', key)).status).toBe(201);
    time += 5 * MINUTE;
    const refused = await browser.request('POST', '/account/keys', key);
    expect(refused).toMatchObject({ status: 403, json: { type: 'urn:roster:reauthenticate' } });
    const wrong = await browser.request('POST', '/session/authenticate', { password: 'something else' });
    expect(wrong.status).toBe(401);
    expect((await browser.request('POST', '/account/keys', key)).status).toBe(403);
    expect((await browser.request('POST', '/session/authenticate', { password: PASSWORD })).status).toBe(200);
    expect((await browser.request('POST', '/account/keys', key)).status).toBe(201);
  });

  it('is of no use over SCIM, nor are the credentials of SCIM here', async () => {
    const cookie = `__Host-roster-session=${browser.cookies.get('__Host-roster-session')}`;
    expect((await server.send('GET', '/scim/v2/Users', { cookie })).status).toBe(401);
    const { authorization } = await server.connect();
    expect((await server.send('GET', '/api/v1/session', { authorization })).status).toBe(401);
    expect((await server.send('GET', '/api/v1/session', { authorization, cookie })).status).toBe(401);
  });

  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another site of the same domain', { 'sec-fetch-site': 'same-site' }],
    ['from a page of another origin', { origin: 'https://evil.test' }],
    ['from a page without origin', { origin: 'null' }],
    ['from a form', { 'content-type': 'text/plain' }],
    ['without the header of the console', { 'x-roster-request': undefined }],
  ])('is not used for a change %s', async (_where, headers) => {
    const answer = await browser.request('PATCH', '/account', { name: 'Changed' }, headers);
    expect([403, 415]).toContain(answer.status);
    expect((await browser.request('GET', '/session')).json.operator.name).toBe('Jo Owner');
  });
});

describe('signing in', () => {
  beforeEach(async () => {
    await setUpOwner(server, browser);
    browser.cookies.clear();
  });

  it('has the same answer for an unknown address, a wrong password and an operator who is not active', async () => {
    const { operators } = server.services.storage;
    const [owner] = await operators.listOperators();
    const answers = [
      await signIn({ email: 'nobody@example.com' }),
      await signIn({ password: 'violet otter harbour 43' }),
    ];
    await operators.changeOperator(owner?.id ?? '', () => ({ active: false }));
    answers.push(await signIn());
    const [first] = answers;
    for (const { status, json, headers } of answers) {
      expect(status).toBe(401);
      expect({ ...json, requestId: '' }).toEqual({ ...first?.json, requestId: '' });
      expect(headers['set-cookie']).toBeUndefined();
    }
  });

  it('takes the e-mail address in any case, and the password as it is', async () => {
    expect((await signIn({ email: ' JO@example.COM ' })).status).toBe(200);
    expect((await signIn({ password: PASSWORD.toUpperCase() })).status).toBe(401);
  });

  it('is refused after ten wrong passwords from one network, and not elsewhere', async () => {
    const attacker = await openBrowser(server, '2001:db8::1');
    const wrong = { password: 'violet otter harbour 43' };
    for (let count = 0; count < 10; count++) expect((await signIn(wrong, attacker)).status).toBe(401);
    const refused = await signIn({}, await openBrowser(server, '2001:db8::2'));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await signIn({}, await openBrowser(server, '192.0.2.8'))).status).toBe(200);
  });

  it('is not refused on a device of the operator, whatever others have tried from there', async () => {
    await signIn();
    browser.cookies.delete('__Host-roster-session');
    const neighbour = await openBrowser(server);
    const wrong = { password: 'violet otter harbour 43' };
    for (let count = 0; count < 11; count++) await signIn(wrong, neighbour);
    expect((await signIn({}, neighbour)).status).toBe(429);
    expect((await signIn()).status).toBe(200);
  });

  it('counts wrong passwords of a known device too, and takes no device of somebody else', async () => {
    await signIn();
    const device = browser.cookies.get('__Host-roster-device') ?? '';
    const wrong = { password: 'violet otter harbour 43' };
    const statuses = [];
    for (let count = 0; count < 21; count++) statuses.push((await signIn(wrong)).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    expect(statuses.at(-1)).toBe(429);
    const forged = await openBrowser(server, '192.0.2.9');
    forged.cookies.set('__Host-roster-device', `${device.slice(0, -1)}${device.endsWith('A') ? 'B' : 'A'}`);
    for (let count = 0; count < 10; count++) await signIn(wrong, forged);
    expect((await signIn({}, forged)).status).toBe(429);
  });

  it('counts a right password for nothing', async () => {
    for (let count = 0; count < 15; count++) {
      browser.cookies.clear();
      expect((await signIn()).status).toBe(200);
    }
  });

  it('is counted before it is known how it ends, so that many at once gain nothing', async () => {
    const wrong = { password: 'violet otter harbour 43' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(wrong)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);
  });

  it('hashes a password again that was hashed at less cost', async () => {
    const { operators } = server.services.storage;
    const [owner] = await operators.listOperators();
    const cheap = '$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$';
    const { argon2Sync } = await import('node:crypto');
    const tag = argon2Sync('argon2id', {
      ...{ message: PASSWORD, nonce: Buffer.from('somesaltsomesalt'), parallelism: 1, tagLength: 32 },
      ...{ memory: 1024, passes: 1 },
    });
    const password = cheap + tag.toString('base64').replaceAll('=', '');
    await operators.changeOperator(owner?.id ?? '', () => ({ password }));
    expect((await signIn()).status).toBe(200);
    expect((await operators.listOperators())[0]?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await signIn()).status).toBe(200);
  });

  it('is noted, with what was wrong but without what was given', async () => {
    await signIn({ password: 'my other secret word' });
    await signIn();
    const notes = server.audited.filter(({ note }) => note.entry.action === 'operator.signIn').slice(-2);
    expect(notes.map(({ note }) => note.entry.result)).toEqual(['failure', 'success']);
    expect(notes[0]?.actor).toMatchObject({ id: 'unknown', via: 'console' });
    expect(notes[1]?.actor).toMatchObject({ kind: 'operator', name: EMAIL, address: '127.0.0.1' });
    expect(JSON.stringify(server.audited)).not.toContain('my other secret word');
  });
});

describe('plain HTTP', () => {
  it.each([
    ['http://roster.test', 'roster.test', true],
    ['http://127.0.0.1:8080', 'roster.test', true],
    ['http://127.0.0.1:8080', 'localhost:8080', false],
    ['http://localhost:8080', '127.0.0.1:8080', false],
    ['https://roster.test', 'roster.test', false],
  ])('at %s, asked as %s: refused %s', async (baseUrl, host, isRefused) => {
    const other = await startServer({ baseUrl });
    try {
      const at = await openBrowser(other);
      const options = await at.request('GET', '/session/options', undefined, { host });
      expect(options.json.refused !== undefined).toBe(isRefused);
      const answer = await at.request('POST', '/session', { email: EMAIL, password: PASSWORD }, { host });
      expect(answer.status).toBe(isRefused ? 403 : 401);
      if (isRefused) expect(answer.json.detail).toMatch(/plain HTTP/);
    } finally {
      await other.close();
    }
  });
});
