import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AcmeServer, authorizationOf, startAcme } from './acme-server.ts';

const DAY = 86_400_000;

let clock = Date.now();
let at: AcmeServer;

beforeAll(async () => {
  at = await startAcme({ now: () => clock });
});
afterAll(() => at.server.close());

const inDays = (days: number): string => new Date(clock + days * DAY).toISOString();

/** What a SCIM request with a secret is answered. */
const use = async (authorization: string): Promise<number> =>
  (await at.server.send('GET', '/scim/v2/Users?count=0', { authorization })).status;

async function create(auth: 'bearer' | 'basic' = 'bearer') {
  const { status, json } = await at.admin.request('POST', '/tenants/acme.com/integrations', {
    name: 'Entra ID',
    auth,
  });
  expect(status).toBe(201);
  const { integration, credential, secret, scimBaseUrl } = json;
  const path = `/tenants/acme.com/integrations/${integration.id}`;
  return { path, integration, credential, scimBaseUrl, secret, authorization: authorizationOf(secret) };
}

describe('creating an integration', () => {
  it.each(['bearer', 'basic'] as const)('gives a %s secret that works right after', async (auth) => {
    const { path, scimBaseUrl, secret, authorization, credential } = await create(auth);
    expect(secret.auth).toBe(auth);
    expect(scimBaseUrl).toMatch(/\/scim\/v2$/);
    expect(await use(authorization)).toBe(200);
    const { json } = await at.auditor.request('GET', path);
    expect(json).toMatchObject({
      auth,
      name: 'Entra ID',
      settings: { dialect: 'standard', requirePrimaryEmail: true, rateLimit: 'default', tolerances: {} },
      credentials: [
        { id: credential.id, suffix: (secret.token ?? secret.password).slice(-4), state: 'live' },
      ],
    });
  });

  it('shows the secret nowhere else', async () => {
    const { path, secret } = await create();
    for (const client of [at.owner, at.admin, at.auditor])
      for (const where of [path, '/tenants/acme.com/integrations', '/tenants/acme.com/overview']) {
        const { text } = await client.request('GET', where);
        expect(text).not.toContain(secret.token);
        expect(text).not.toContain('digest');
      }
  });
});

describe('adding a credential', () => {
  it('leaves the others alive', async () => {
    const { path, authorization } = await create();
    const added = await at.admin.request('POST', `${path}/credentials`, { expires: inDays(90) });
    expect(added.status).toBe(201);
    expect(added.json.credential).toMatchObject({ state: 'live', expires: inDays(90) });
    expect(await use(authorization)).toBe(200);
    expect(await use(authorizationOf(added.json.secret))).toBe(200);
  });

  it('names the field of a time that is over', async () => {
    const { path } = await create();
    const answer = await at.admin.request('POST', `${path}/credentials`, { expires: inDays(-1) });
    expect(answer.status).toBe(400);
    expect(answer.json.fields).toEqual([{ path: 'expires', message: expect.stringContaining('future') }]);
  });

  it('ends at ten that live', async () => {
    const { path } = await create();
    for (let more = 1; more < 10; more += 1)
      expect((await at.admin.request('POST', `${path}/credentials`, {})).status).toBe(201);
    expect((await at.admin.request('POST', `${path}/credentials`, {})).status).toBe(409);
    expect((await at.auditor.request('GET', path)).json.credentials).toHaveLength(10);
  });
});

describe('rotating a credential', () => {
  it('lets the old one work until the time that was chosen', async () => {
    const { path, authorization, credential } = await create();
    const rotate = `${path}/credentials/${credential.id}/rotate`;
    const { status, json } = await at.admin.request('POST', rotate, { oldEnds: inDays(1) });
    expect(status).toBe(201);
    expect(json.old).toMatchObject({ id: credential.id, expires: inDays(1), state: 'ending' });
    const replacement = authorizationOf(json.secret);
    expect([await use(authorization), await use(replacement)]).toEqual([200, 200]);
    clock += DAY;
    expect([await use(authorization), await use(replacement)]).toEqual([401, 200]);
  });

  it('takes seven days when nobody says', async () => {
    const { path, credential } = await create();
    const { json } = await at.admin.request('POST', `${path}/credentials/${credential.id}/rotate`, {});
    expect(json.old.expires).toBe(inDays(7));
  });

  it('ends the old one at once when it is to', async () => {
    const { path, authorization, credential } = await create('basic');
    const rotate = `${path}/credentials/${credential.id}/rotate`;
    const { json } = await at.admin.request('POST', rotate, { oldEnds: 'now' });
    expect([await use(authorization), await use(authorizationOf(json.secret))]).toEqual([401, 200]);
  });

  it('keeps an earlier end, and refuses what has ended', async () => {
    const { path, credential } = await create();
    const one = `${path}/credentials/${credential.id}`;
    await at.admin.request('POST', `${one}/revoke`, { at: inDays(2) });
    const { json } = await at.admin.request('POST', `${one}/rotate`, { oldEnds: inDays(5) });
    expect(json.old.expires).toBe(inDays(2));
    await at.admin.request('POST', `${one}/revoke`, {});
    const before = (await at.auditor.request('GET', path)).json.credentials;
    expect((await at.admin.request('POST', `${one}/rotate`, {})).status).toBe(409);
    expect((await at.auditor.request('GET', path)).json.credentials).toEqual(before);
  });

  it('changes nothing when the new one would have expired already', async () => {
    const { path, authorization, credential } = await create();
    const rotate = `${path}/credentials/${credential.id}/rotate`;
    const answer = await at.admin.request('POST', rotate, { oldEnds: 'now', expires: inDays(-1) });
    expect(answer.status).toBe(400);
    expect(await use(authorization)).toBe(200);
  });
});

describe('revoking a credential', () => {
  it('ends it at once', async () => {
    const { path, authorization, credential } = await create();
    const { json } = await at.admin.request('POST', `${path}/credentials/${credential.id}/revoke`, {});
    expect(json.state).toBe('ended');
    expect(await use(authorization)).toBe(401);
    expect((await at.auditor.request('GET', path)).json.health.state).toBe('ended');
  });

  it('deleting the integration does so too', async () => {
    const { path, authorization } = await create();
    expect((await at.admin.request('DELETE', path)).status).toBe(204);
    expect(await use(authorization)).toBe(401);
    expect((await at.admin.request('GET', path)).status).toBe(404);
  });
});

describe('credentials', () => {
  it('are made and ended by those alone who may, and who have just said who they are', async () => {
    const { path, authorization, credential } = await create();
    const one = `${path}/credentials/${credential.id}`;
    const changes = [
      ['POST', '/tenants/acme.com/integrations', { name: 'Okta' }],
      ['POST', `${path}/credentials`, {}],
      ['POST', `${one}/rotate`, {}],
      ['POST', `${one}/revoke`, {}],
      ['DELETE', path, undefined],
    ] as const;
    for (const [method, url, body] of changes) {
      const refused = [];
      for (const client of [at.nobody, at.stranger, at.auditor, at.late])
        refused.push((await client.request(method, url, body)).status);
      expect(refused, `${method} ${url}`).toEqual([401, 404, 403, 403]);
      const { json } = await at.late.request(method, url, body);
      expect(json.type, `${method} ${url}`).toBe('urn:roster:reauthenticate');
    }
    expect(await use(authorization)).toBe(200);
  });

  it('of another integration are not found', async () => {
    const [mine, yours] = [await create(), await create()];
    for (const action of ['rotate', 'revoke']) {
      const url = `${mine.path}/credentials/${yours.credential.id}/${action}`;
      expect((await at.admin.request('POST', url, {})).status, action).toBe(404);
    }
    expect(await use(yours.authorization)).toBe(200);
  });
});
