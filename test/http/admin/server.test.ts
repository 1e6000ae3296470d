import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AcmeServer, startAcme } from './acme-server.ts';

let at: AcmeServer;

beforeAll(async () => {
  at = await startAcme();
});
afterAll(() => at.server.close());

describe('the server in the admin API', () => {
  it('says to operators what it is and how it does', async () => {
    const { json } = await at.auditor.request('GET', '/server');
    expect(json).toMatchObject({ version: '0.0.0', isHttps: false });
    expect(json.scimBaseUrl).toBe(`${json.baseUrl}/scim/v2`);
    expect(json.health).toContainEqual({ name: 'Database', state: 'ok', detail: expect.any(String) });
    expect(json.health).toContainEqual({
      name: 'Disk space',
      state: expect.any(String),
      detail: expect.stringMatching(/^\d+ MiB free$/),
    });
    expect((await at.nobody.request('GET', '/server')).status).toBe(401);
  });

  it('says to owners how it is set, without secrets', async () => {
    const { json, text } = await at.owner.request('GET', '/server/settings');
    const named = (name: string) => json.find((setting: { name: string }) => setting.name === name);
    expect(named('ROSTER_DATA_DIR')).toMatchObject({ value: at.server.directory, isSet: true });
    expect(named('ROSTER_PORT')).toMatchObject({ isSet: false, default: '8080' });
    expect(named('ROSTER_SECRET_KEY')).toMatchObject({ isSet: true });
    expect(named('ROSTER_SECRET_KEY')).not.toHaveProperty('value');
    expect(text).not.toContain('secret of the test server');
    for (const client of [at.admin, at.auditor])
      expect((await client.request('GET', '/server/settings')).status).toBe(403);
  });
});
