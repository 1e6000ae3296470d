import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, secretText } from '../../src/service/secrets.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import { createInstallation, START, type TestInstallation } from './installation.ts';

const DAY = 86_400_000;

describe('integrations and credentials', () => {
  let at: TestInstallation;
  let tenant: Tenant;
  beforeEach(async () => {
    at = await createInstallation();
    tenant = await at.tenants.create('acme.com');
  });
  afterEach(() => at.close());

  it('an integration is created with a credential that never expires', async () => {
    const { integration, credential } = await at.addIntegration(tenant, {
      name: ' Entra ',
      dialect: 'strict',
    });
    expect(integration).toEqual({
      tenantId: tenant.id,
      id: expect.stringMatching(/^[a-z2-7]{12}$/),
      name: 'Entra',
      auth: 'bearer',
      settings: { dialect: 'strict', requirePrimaryEmail: true, scopes: ['read', 'write'] },
      created: '2026-05-04T03:02:01.000Z',
    });
    expect(await at.integrations.list(tenant)).toEqual([integration]);
    expect(await at.credentials.list(integration)).toEqual([
      { ...credential, digest: expect.anything(), lastUsed: undefined, expires: undefined },
    ]);
  });

  it('a read-only integration has no right to write', async () => {
    const { integration } = await at.addIntegration(tenant, { readOnly: true, requirePrimaryEmail: false });
    expect(integration.settings).toEqual({
      dialect: 'standard',
      requirePrimaryEmail: false,
      scopes: ['read'],
    });
  });

  it('of a secret only its digest and its last four characters are kept', async () => {
    for (const auth of ['bearer', 'basic'] as const) {
      const { integration, secret } = await at.addIntegration(tenant, { auth });
      const [kept] = await at.credentials.list(integration);
      const text = secretText(secret);
      expect(Buffer.from(kept?.digest ?? [])).toEqual(digestOf(at.key, text));
      expect(kept?.suffix).toBe(text.slice(-4));
      expect(JSON.stringify(kept)).not.toContain(text.slice(-49, -6));
    }
  });

  it.each(['', '  ', 'a\nb', 'x'.repeat(101)])('an integration can’t be named %j', async (name) => {
    await expect(at.addIntegration(tenant, { name })).rejects.toMatchObject({ problem: 'invalid' });
    expect(await at.integrations.list(tenant)).toEqual([]);
  });

  it('an integration is changed part by part, and what is not named stays', async () => {
    const { integration } = await at.addIntegration(tenant, { name: 'Entra', readOnly: true });
    const before = integration.settings;
    const off = { 'empty-operations': false } as const;
    const first = await at.integrations.update(integration, { tolerances: off, rateLimit: 50 });
    expect(first).toEqual({ ...integration, settings: { ...before, tolerances: off, rateLimit: 50 } });
    const second = await at.integrations.update(integration, {
      name: ' Okta ',
      dialect: 'strict',
      requirePrimaryEmail: false,
      tolerances: { 'scalar-member': true },
      rateBurst: 60,
    });
    expect(second).toEqual({
      ...integration,
      name: 'Okta',
      settings: {
        dialect: 'strict',
        requirePrimaryEmail: false,
        scopes: ['read'],
        tolerances: { ...off, 'scalar-member': true },
        rateLimit: 50,
        rateBurst: 60,
      },
    });
    expect(await at.integrations.find(tenant, 'Okta')).toEqual(second);
    const third = await at.integrations.update(second, {
      dialect: 'standard',
      requirePrimaryEmail: true,
      tolerances: { 'empty-operations': 'byDialect', 'scalar-member': 'byDialect' },
      rateLimit: 'default',
      rateBurst: 'default',
    });
    expect(third.settings).toEqual(before);
  });

  it('two changes at the same time are both made', async () => {
    const { integration } = await at.addIntegration(tenant);
    await Promise.all([
      at.integrations.update(integration, { tolerances: { 'scalar-member': false } }),
      at.integrations.update(integration, { tolerances: { 'empty-operations': false }, rateLimit: 'off' }),
    ]);
    expect((await at.integrations.find(tenant, integration.id)).settings).toMatchObject({
      tolerances: { 'scalar-member': false, 'empty-operations': false },
      rateLimit: 'off',
    });
  });

  it.each([
    [
      'a tolerance that there is not',
      { tolerances: { 'scalar-membr': true } },
      /scalar-membr.*scalar-member/,
    ],
    ['the name of what every object has', { tolerances: { constructor: true } }, /no tolerance constructor/],
    ['a rate below 25', { rateLimit: 24 }, /from 25 to 9999999, not 24/],
    ['a rate that is no whole number', { rateLimit: 25.5 }, /whole number/],
    ['a burst below 25', { rateBurst: 1 }, /from 25/],
    ['a burst below the rate', { rateLimit: 100, rateBurst: 99 }, /can't be less than/],
    ['an empty name', { name: ' ' }, /name/],
  ])('%s is refused, and nothing is changed', async (_, change, message) => {
    const { integration } = await at.addIntegration(tenant);
    const refused = { problem: 'invalid', message: expect.stringMatching(message) };
    await expect(at.integrations.update(integration, change)).rejects.toMatchObject(refused);
    expect(await at.integrations.find(tenant, integration.id)).toEqual(integration);
    await expect(at.addIntegration(tenant, change)).rejects.toMatchObject(refused);
    expect(await at.integrations.list(tenant)).toHaveLength(1);
  });

  it('an integration that is gone can’t be changed', async () => {
    const { integration } = await at.addIntegration(tenant);
    await at.integrations.remove(integration);
    await expect(at.integrations.update(integration, { name: 'x' })).rejects.toMatchObject({
      problem: 'notFound',
    });
    expect(await at.integrations.list(tenant)).toEqual([]);
  });

  it('an integration is found by its id, or by a name that only one has', async () => {
    const { integration: a } = await at.addIntegration(tenant, { name: 'a' });
    const { integration: b } = await at.addIntegration(tenant, { name: 'b' });
    expect(await at.integrations.find(tenant, a.id)).toEqual(a);
    expect(await at.integrations.find(tenant, 'b')).toEqual(b);
    const { integration: second } = await at.addIntegration(tenant, { name: 'a' });
    await expect(at.integrations.find(tenant, 'a')).rejects.toMatchObject({
      problem: 'conflict',
      message: expect.stringContaining(second.id),
    });
    await expect(at.integrations.find(tenant, 'A')).rejects.toMatchObject({ problem: 'notFound' });
    const other = await at.tenants.create('other.example');
    await expect(at.integrations.find(other, a.id)).rejects.toMatchObject({ problem: 'notFound' });
  });

  it('a credential is revoked now or later, but never later than it ends already', async () => {
    const { integration } = await at.addIntegration(tenant);
    const { credential } = await at.credentials.add(integration);
    const end = async (time?: number) => (await at.credentials.revoke(tenant, credential.id, time)).expires;
    expect(await end(START + 7 * DAY)).toBe('2026-05-11T03:02:01.000Z');
    expect(await end(START + 9 * DAY)).toBe('2026-05-11T03:02:01.000Z');
    at.clock.time = START + DAY;
    expect(await end()).toBe('2026-05-05T03:02:01.000Z');
    at.clock.time = START + 2 * DAY;
    expect(await end()).toBe('2026-05-05T03:02:01.000Z');
  });

  it('an unknown credential and one of another tenant can’t be revoked', async () => {
    const { credential } = await at.addIntegration(tenant);
    const other = await at.tenants.create('other.example');
    for (const [owner, id] of [
      [tenant, 'aaaaaaaaaaaa'],
      [other, credential.id],
    ] as const) {
      await expect(at.credentials.revoke(owner, id)).rejects.toMatchObject({ problem: 'notFound' });
    }
    expect(
      (await at.storage.directory.findCredential(tenant.id, credential.id))?.credential.expires,
    ).toBeUndefined();
  });

  it('a credential that would have expired already is not made', async () => {
    const { integration } = await at.addIntegration(tenant);
    await expect(at.credentials.add(integration, START)).rejects.toMatchObject({ problem: 'invalid' });
    expect(await at.credentials.list(integration)).toHaveLength(1);
  });
});
