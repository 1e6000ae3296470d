import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AcmeServer, startAcme } from './acme-server.ts';

const PATH = '/tenants/acme.com/integrations';

let at: AcmeServer;

beforeAll(async () => {
  at = await startAcme();
});
afterAll(() => at.server.close());

async function create(body: object = {}): Promise<string> {
  const { json } = await at.admin.request('POST', PATH, { name: 'Okta', ...body });
  return `${PATH}/${json.integration.id}`;
}

describe('integrations of the admin API', () => {
  it('are listed for those who may see the tenant', async () => {
    await create({ name: 'Listed' });
    const named = async (client: AcmeServer['admin']) => {
      const { status, json } = await client.request('GET', PATH);
      return status === 200 ? json.some(({ name }: { name: string }) => name === 'Listed') : status;
    };
    const all = [at.owner, at.admin, at.auditor, at.stranger, at.nobody];
    expect(await Promise.all(all.map(named))).toEqual([true, true, true, 404, 401]);
  });

  it.each([
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ name: 'a\nb' }, 'name'],
    [{ name: 'a', auth: 'digest' }, 'auth'],
    [{}, 'name'],
  ])('name the field that is wrong in %j', async (body, path) => {
    const before = (await at.admin.request('GET', PATH)).json.length;
    const { status, json } = await at.admin.request('POST', PATH, body);
    expect(status).toBe(400);
    expect(json.fields).toEqual([{ path, message: expect.any(String) }]);
    expect((await at.admin.request('GET', PATH)).json).toHaveLength(before);
  });

  it('may be strict or read-only from the start', async () => {
    const path = await create({ dialect: 'strict', requirePrimaryEmail: false, readOnly: true });
    expect((await at.auditor.request('GET', path)).json.settings).toMatchObject({
      ...{ dialect: 'strict', requirePrimaryEmail: false, scopes: ['read'] },
    });
  });

  it('change what is said and keep the rest', async () => {
    const path = await create();
    const change = {
      tolerances: { 'operation-name-case': false },
      rateLimit: 50,
      rateBurst: 100,
    };
    const { status, json } = await at.admin.request('PATCH', path, { name: 'Okta production', ...change });
    expect(status).toBe(200);
    expect(json).toMatchObject({ name: 'Okta production', auth: 'bearer' });
    expect(json.settings).toMatchObject({ ...change, dialect: 'standard' });
    const back = { tolerances: { 'operation-name-case': 'byDialect' }, rateLimit: 'default' };
    const { settings } = (await at.admin.request('PATCH', path, back)).json;
    expect(settings).toMatchObject({ tolerances: {}, rateLimit: 'default', rateBurst: 100 });
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ rateLimit: 3 }, 'rateLimit'],
    [{ rateLimit: 200, rateBurst: 100 }, 'rateBurst'],
    [{ tolerances: { 'no-such-row': true } }, 'tolerances'],
  ])('say where a change is wrong: %j', async (body, path) => {
    const url = await create();
    const before = (await at.admin.request('GET', url)).text;
    const { status, json } = await at.admin.request('PATCH', url, body);
    expect(status).toBe(400);
    expect(json.fields).toEqual([{ path, message: expect.any(String) }]);
    expect((await at.admin.request('GET', url)).text).toBe(before);
  });

  it('are not changed by auditors, nor found in another tenant', async () => {
    const path = await create();
    expect((await at.auditor.request('PATCH', path, { name: 'Mine' })).status).toBe(403);
    const elsewhere = path.replace('acme.com', 'other.org');
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', { name: 'Mine' }],
      ['DELETE', undefined],
    ] as const)
      expect((await at.stranger.request(method, elsewhere, body)).status, method).toBe(404);
    expect((await at.auditor.request('GET', path)).json.name).toBe('Okta');
  });

  it('have tolerances that are explained', async () => {
    const { json } = await at.auditor.request('GET', '/tolerances');
    expect(json).toContainEqual({
      name: 'operation-name-case',
      description: expect.stringContaining('PATCH'),
      provider: expect.stringContaining('Entra'),
      standard: true,
    });
  });
});
