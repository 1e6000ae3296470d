import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';
import { type Browser, openBrowser, PASSWORD, setUpOwner } from './console-client.ts';

const EMAIL = 'jo@example.com';
const OTHER_PASSWORD = 'quiet lantern copper 17';
const PERIOD = 30_000;

let time: number;
let server: TestServer;
let browser: Browser;
beforeEach(async () => {
  time = Date.parse('2026-05-04T03:02:01.000Z');
  server = await startServer({ baseUrl: 'https://roster.test', now: () => time });
  browser = await openBrowser(server);
  await setUpOwner(server, browser);
});
afterEach(() => server.close());

const signIn = async (more: object = {}, at?: Browser) =>
  (at ?? (await openBrowser(server))).request('POST', '/session', {
    email: EMAIL,
    password: PASSWORD,
    ...more,
  });

describe('the password', () => {
  it('is changed with the present one, and ends all other sessions', async () => {
    const other = await openBrowser(server);
    await signIn({}, other);
    const wrong = await browser.request('POST', '/account/password', {
      current: 'something else',
      password: OTHER_PASSWORD,
    });
    expect(wrong).toMatchObject({ status: 400, json: { fields: [{ path: 'current' }] } });
    const before = browser.cookies.get('__Host-roster-session');
    const change = { current: PASSWORD, password: OTHER_PASSWORD };
    expect((await browser.request('POST', '/account/password', change)).status).toBe(204);
    expect(browser.cookies.get('__Host-roster-session')).not.toBe(before);
    expect((await browser.request('GET', '/session')).status).toBe(200);
    expect((await other.request('GET', '/session')).status).toBe(401);
    expect((await signIn()).status).toBe(401);
    expect((await signIn({ password: OTHER_PASSWORD })).status).toBe(200);
  });

  it('ends a session, too, that was begun while it was changed', async () => {
    const { storage } = server.services;
    const [before] = await storage.operators.listOperators();
    if (before === undefined) throw new Error('no operator');
    await browser.request('POST', '/account/password', { current: PASSWORD, password: OTHER_PASSWORD });
    const device = { address: '192.0.2.1', userAgent: '' };
    const { secret } = await server.operatorServices.sessions.begin(before, device);
    expect(await server.operatorServices.sessions.find(secret)).toBeUndefined();
    expect(await server.operatorServices.sessions.list(before.id)).toHaveLength(1);
  });

  it.each([
    ['fourteen signs', 'violet otter 4', /14 characters: give at least 15/],
    ['1001 signs', 'ab cd efg '.repeat(101).slice(0, 1001), /1000/],
    ['a line break', 'violet otter\nharbour', /control characters/],
    ['spaces alone', ' '.repeat(20), /holds nothing/],
    [
      'the name in the e-mail address',
      'harbour of JO1234567 at night',
      /name in the e-mail/,
      'jo1234567@x.org',
    ],
    ['words that are tried first', 'Password123456!', /tried first/],
    ['the same in other signs', 'P@ssw0rd-P@ssw0rd', /tried first/],
    ['a walk over the keyboard', 'qwertyuiopasdfgh', /tried first/],
    ['something again and again', 'abcabcabcabcabcabc', /tried first/],
    ['a year behind', 'summer2026winter', /tried first/],
  ])('is none of %s', async (_what, password, why, email = EMAIL) => {
    const { requireOperatorPassword } = await import('../../../src/service/operator-passwords.ts');
    expect(() => requireOperatorPassword(password, email)).toThrow(why);
    if (email !== EMAIL || password.length > 1000) return;
    const answer = await browser.request('POST', '/account/password', { current: PASSWORD, password });
    expect(answer).toMatchObject({ status: 400, json: { fields: [{ path: 'password' }] } });
  });

  it.each([
    'correct zebra lamp fifteen',
    'ÜberÄpfel im Garten',
    `${'漢字'.repeat(4)}かなカナ漢字です`,
    `${'a'.repeat(3)} long way down the river`,
  ])('may be %s', async (password) => {
    expect((await browser.request('POST', '/account/password', { current: PASSWORD, password })).status).toBe(
      204,
    );
    expect((await signIn({ password: password.normalize('NFD') })).status).toBe(200);
  });
});

describe('the authenticator app', () => {
  const codeAt = (secret: string, at = time) =>
    new TOTP({ secret: Secret.fromBase32(secret), period: 30 }).generate({ timestamp: at });

  async function turnOn(): Promise<{ secret: string; recoveryCodes: string[] }> {
    const { json } = await browser.request('POST', '/account/totp');
    const confirmed = await browser.request('POST', '/account/totp/confirm', { code: codeAt(json.secret) });
    expect(confirmed.status).toBe(200);
    time += PERIOD;
    return { secret: json.secret, recoveryCodes: confirmed.json.recoveryCodes };
  }

  it('counts when it has shown a code, and is asked from then on', async () => {
    const { json } = await browser.request('POST', '/account/totp');
    expect(json.uri).toMatch(
      /^otpauth:\/\/totp\/Roster:jo%40example\.com\?issuer=Roster&secret=[A-Z2-7]{32}&/,
    );
    expect((await signIn()).json.codeNeeded).toBeUndefined();
    const wrong = await browser.request('POST', '/account/totp/confirm', { code: '000000' });
    expect(wrong).toMatchObject({ status: 400, json: { fields: [{ path: 'code' }] } });
    const code = codeAt(json.secret);
    const confirmed = await browser.request('POST', '/account/totp/confirm', { code });
    expect(confirmed.json.recoveryCodes).toHaveLength(10);
    expect((await browser.request('GET', '/session')).json.operator.hasTotp).toBe(true);
    expect((await signIn()).json).toEqual({ codeNeeded: true });
    expect((await signIn()).headers['set-cookie']).toBeUndefined();
    expect((await signIn({ code })).status).toBe(401);
    time += PERIOD;
    expect((await signIn({ code: codeAt(json.secret) })).status).toBe(200);
    const stored = await server.stored();
    for (const text of [json.secret, ...confirmed.json.recoveryCodes])
      expect(stored.includes(text)).toBe(false);
  });

  it('has codes that count once, also for two at the same time, and none of before', async () => {
    const { secret } = await turnOn();
    const code = codeAt(secret);
    const answers = await Promise.all([signIn({ code }), signIn({ code })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await signIn({ code: codeAt(secret, time - PERIOD) })).status).toBe(401);
    expect((await signIn({ code: codeAt(secret, time + PERIOD) })).status).toBe(200);
    expect((await signIn({ code: codeAt(secret, time - 10 * PERIOD) })).status).toBe(401);
  });

  it('can be lost: other codes count once each', async () => {
    const { recoveryCodes } = await turnOn();
    const [first = '', second = ''] = recoveryCodes;
    expect(first).toMatch(/^[a-z2-7]{4}-[a-z2-7]{4}-[a-z2-7]{4}$/);
    expect((await signIn({ code: first })).status).toBe(200);
    expect((await signIn({ code: first })).status).toBe(401);
    expect((await signIn({ code: ` ${second.toUpperCase().replaceAll('-', ' ')}` })).status).toBe(200);
  });

  it('is asked for to confirm who one is, too', async () => {
    const { secret } = await turnOn();
    const again = (more: object) =>
      browser.request('POST', '/session/authenticate', { password: PASSWORD, ...more });
    expect((await again({})).json).toEqual({ codeNeeded: true });
    expect((await again({ code: codeAt(secret) })).json.operator.email).toBe(EMAIL);
  });

  it('is not guessed: many wrong codes end with 429, on other devices than the known ones', async () => {
    const { secret } = await turnOn();
    const statuses: number[] = [];
    for (let count = 0; count < 21; count++) statuses.push((await signIn({ code: '000001' })).status);
    expect(statuses.slice(0, 20)).toEqual(statuses.slice(0, 20).map(() => 401));
    expect(statuses[20]).toBe(429);
    expect((await signIn({ code: codeAt(secret) }, browser)).status).toBe(200);
  });

  it('is turned off with its codes', async () => {
    const { recoveryCodes } = await turnOn();
    expect((await browser.request('DELETE', '/account/totp')).status).toBe(204);
    expect((await signIn()).json.codeNeeded).toBeUndefined();
    await turnOn();
    expect((await signIn({ code: recoveryCodes[0] })).status).toBe(401);
  });

  it('is not confirmed where none was begun', async () => {
    const answer = await browser.request('POST', '/account/totp/confirm', { code: '123456' });
    expect(answer.status).toBe(409);
  });
});

describe('API keys', () => {
  const asKey = (secret: string) => ({ authorization: `Bearer ${secret}` });

  it('do what their operator may, until they are ended', async () => {
    const made = await browser.request('POST', '/account/keys', { name: 'nightly' });
    expect(made).toMatchObject({ status: 201, json: { key: { name: 'nightly' } } });
    const { secret, key } = made.json;
    expect(secret).toMatch(/^rosterop_[a-z2-7]{12}_[\w-]{49}$/);
    expect(secret.endsWith(key.suffix)).toBe(true);
    const script = await openBrowser(server);
    expect((await script.request('GET', '/tenants', undefined, asKey(secret))).json).toHaveLength(1);
    const created = await script.request(
      'POST',
      '/tenants',
      { domain: 'acme.com' },
      {
        ...asKey(secret),
        'x-roster-request': undefined,
      },
    );
    expect(created.status).toBe(201);
    expect((await browser.request('GET', '/account/keys')).json).toMatchObject([
      { name: 'nightly', lastUsed: new Date(time).toISOString() },
    ]);
    expect((await server.stored()).includes(secret)).toBe(false);
    expect((await browser.request('DELETE', `/account/keys/${key.id}`)).status).toBe(204);
    expect((await browser.request('DELETE', `/account/keys/${key.id}`)).status).toBe(404);
    expect((await script.request('GET', '/tenants', undefined, asKey(secret))).status).toBe(401);
  });

  it('expire, and are refused for a time that is over', async () => {
    const key = { name: 'short', expires: new Date(time + 60_000).toISOString() };
    const { json } = await browser.request('POST', '/account/keys', key);
    const script = await openBrowser(server);
    expect((await script.request('GET', '/tenants', undefined, asKey(json.secret))).status).toBe(200);
    time += 60_000;
    expect((await script.request('GET', '/tenants', undefined, asKey(json.secret))).status).toBe(401);
    const late = await browser.request('POST', '/account/keys', key);
    expect(late).toMatchObject({ status: 400, json: { fields: [{ path: 'expires' }] } });
    const farKey = { name: 'far', expires: '9999-12-31T23:59:59-23:59' };
    const far = await browser.request('POST', '/account/keys', farKey);
    expect(far).toMatchObject({ status: 400, json: { fields: [{ path: 'expires' }] } });
    expect((await browser.request('GET', '/account/keys')).json).toHaveLength(1);
  });

  it('change nothing that proves who the operator is', async () => {
    const { json } = await browser.request('POST', '/account/keys', { name: 'nightly' });
    const script = await openBrowser(server);
    for (const [method, path, body] of [
      ['POST', '/account/password', { current: PASSWORD, password: OTHER_PASSWORD }],
      ['POST', '/account/totp', undefined],
      ['DELETE', '/account/totp', undefined],
      ['POST', '/account/keys', { name: 'more' }],
      ['DELETE', '/session', undefined],
      ['POST', '/session/authenticate', { password: PASSWORD }],
    ] as const) {
      const answer = await script.request(method, path, body, asKey(json.secret));
      expect([method, path, answer.status]).toEqual([method, path, 403]);
    }
  });

  it.each([
    'Bearer rosterop_aaaaaaaaaaaa_x',
    `Bearer rosterop_aaaaaaaaaaaa_${'x'.repeat(49)}`,
    'Bearer',
    'Basic Og==',
    '',
  ])('%s is none, whatever cookie comes with it', async (authorization) => {
    expect((await browser.request('GET', '/session', undefined, { authorization })).status).toBe(401);
  });
});

it('the name of an account is changed, and nothing else', async () => {
  const answer = await browser.request('PATCH', '/account', { name: '  Jo Äther ', role: 'auditor' });
  expect(answer.json).toMatchObject({ name: 'Jo Äther', role: 'owner' });
  expect((await browser.request('PATCH', '/account', { name: 'a\nb' })).status).toBe(400);
});
