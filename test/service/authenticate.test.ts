import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAuthenticator } from '../../src/service/authenticate.ts';
import { digestOf, secretText } from '../../src/service/secrets.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import { createInstallation, headerOf, START, type TestInstallation } from './installation.ts';

describe('authenticate', () => {
  let at: TestInstallation;
  let tenant: Tenant;
  beforeEach(async () => {
    at = await createInstallation();
    tenant = await at.tenants.create('acme.com');
  });
  afterEach(() => at.close());

  const grantOf = (header: string | undefined, now = START) => at.authenticator.authenticate(header, now);
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  it.each(['bearer', 'basic'] as const)('takes the secret of a %s integration', async (auth) => {
    const { integration, credential, secret } = await at.addIntegration(tenant, { auth });
    const grant = await grantOf(headerOf(secret));
    expect(grant).toMatchObject({ tenant, integration, credential: { id: credential.id } });
  });

  it('compares the scheme without regard to case (RFC 9110 section 11.1) and takes more spaces', async () => {
    const { secret } = await at.addIntegration(tenant);
    const token = secretText(secret);
    for (const header of [`bearer ${token}`, `BEARER ${token}`, `BeArEr   ${token} `]) {
      expect([header, (await grantOf(header)) !== undefined]).toEqual([header, true]);
    }
  });

  it('refuses whatever is not the secret', async () => {
    const { secret } = await at.addIntegration(tenant);
    const token = secretText(secret);
    const [last] = token.slice(-1);
    const otherLast = last === 'A' ? 'B' : 'A';
    const headers = [
      undefined,
      '',
      ' ',
      'Bearer',
      'Bearer ',
      token,
      `Bearer${token}`,
      `Token ${token}`,
      `Bearer ${token} ${token}`,
      `Bearer ${token}x`,
      `Bearer ${token.slice(0, -1)}`,
      `Bearer ${token.slice(0, -1)}${otherLast}`,
      `Bearer ${token.slice(0, 34)}${'A'.repeat(49)}`,
      `Bearer ${token.replace(/_[a-z2-7]{12}_/, '_aaaaaaaaaaaa_')}`,
      'Basic',
      'Basic Og==',
      'Basic %%%',
      `Basic ${base64('admin:admin')}`,
      `Basic ${base64(token)}`,
      `Bearer ${base64(token)}`,
    ];
    for (const header of headers) expect([header, await grantOf(header)]).toEqual([header, undefined]);
  });

  it('refuses a basic secret without a password, with another one, and with more behind it', async () => {
    const { secret } = await at.addIntegration(tenant, { auth: 'basic' });
    if (secret.auth !== 'basic') throw new Error('not a basic secret');
    const { username, password } = secret;
    for (const text of [
      `${username}:`,
      username,
      `${username}:${password}:`,
      `${username}:x`,
      `:${password}`,
    ]) {
      expect([text, await grantOf(`Basic ${base64(text)}`)]).toEqual([text, undefined]);
    }
    expect(await grantOf(`Bearer ${password}`)).toBeUndefined();
    expect(await grantOf(`Basic ${base64(`${username}:${password}`)}`)).toBeDefined();
  });

  it('refuses a secret whose integration has the other authorization type', async () => {
    const basic = await at.addIntegration(tenant, { auth: 'basic' });
    const bearer = await at.addIntegration(tenant, { auth: 'bearer' });
    // a secret of the basic form, first stored where it belongs and then for the bearer integration
    for (const [id, owner, isGranted] of [
      ['aaaaaaaaaaaa', basic, true],
      ['bbbbbbbbbbbb', bearer, false],
    ] as const) {
      const text = `${tenant.id}-${id}:a:password`;
      const credential = { ...basic.credential, id, integrationId: owner.integration.id };
      await at.storage.directory.createCredential({ ...credential, digest: digestOf(at.key, text) });
      expect([id, (await grantOf(`Basic ${base64(text)}`)) !== undefined]).toEqual([id, isGranted]);
    }
  });

  it('does the same work for an unknown id as for a known one', async () => {
    const { secret } = await at.addIntegration(tenant);
    const { directory } = at.storage;
    const asked: string[] = [];
    const authenticator = createAuthenticator({
      storage: {
        directory: {
          ...directory,
          findCredential(tenantId, id) {
            asked.push(id);
            return directory.findCredential(tenantId, id);
          },
        },
      },
      key: at.key,
      onNoteFailed: () => {},
    });
    const known = secretText(secret);
    const unknown = known.replace(/_[a-z2-7]{12}_(?=[A-Za-z0-9_-]{49}$)/, '_aaaaaaaaaaaa_');
    expect(await authenticator.authenticate(`Bearer ${unknown}`, START)).toBeUndefined();
    expect(await authenticator.authenticate(`Bearer ${known}`, START)).toBeDefined();
    expect(asked).toHaveLength(2);
  });

  it('refuses a credential from the moment it expires', async () => {
    const { integration } = await at.addIntegration(tenant);
    const { secret } = await at.credentials.add(integration, START + 1000);
    expect(await grantOf(headerOf(secret), START + 999)).toBeDefined();
    expect(await grantOf(headerOf(secret), START + 1000)).toBeUndefined();
  });

  it('lets both secrets work until the old one is revoked, and then the new one only', async () => {
    const { integration, credential, secret: old } = await at.addIntegration(tenant);
    const { secret: fresh } = await at.credentials.add(integration);
    expect(await grantOf(headerOf(old))).toBeDefined();
    expect(await grantOf(headerOf(fresh))).toBeDefined();
    await at.credentials.revoke(tenant, credential.id);
    expect(await grantOf(headerOf(old))).toBeUndefined();
    expect(await grantOf(headerOf(fresh))).toBeDefined();
  });

  it('refuses what was revoked even when the clock goes back', async () => {
    const { integration, secret } = await at.addIntegration(tenant);
    const { credential, secret: later } = await at.credentials.add(integration);
    for (const { id } of await at.credentials.list(integration))
      await at.credentials.revoke(tenant, id, id === credential.id ? START + 3_600_000 : undefined);
    expect(await grantOf(headerOf(secret), START - 3_600_000)).toBeUndefined();
    // an end that is still to come depends on the clock
    expect(await grantOf(headerOf(later), START)).toBeDefined();
    expect(await grantOf(headerOf(later), START + 3_600_000)).toBeUndefined();
  });

  it('refuses at once after the integration is deleted or the tenant deactivated', async () => {
    const { integration, secret } = await at.addIntegration(tenant);
    const other = await at.addIntegration(tenant);
    await at.integrations.remove(integration);
    expect(await grantOf(headerOf(secret))).toBeUndefined();
    expect(await grantOf(headerOf(other.secret))).toBeDefined();
    await at.tenants.setActive('acme.com', false);
    expect(await grantOf(headerOf(other.secret))).toBeUndefined();
    await at.tenants.setActive('acme.com', true);
    expect(await grantOf(headerOf(other.secret))).toBeDefined();
  });

  it('notes the use of a credential once a minute, and no failed attempt', async () => {
    const { integration, credential, secret } = await at.addIntegration(tenant);
    const header = headerOf(secret);
    for (const seconds of [0, 1, 58, 59, 60, 118]) await grantOf(header, START + seconds * 1000);
    await grantOf(`${header}x`, START + 600_000);
    expect(at.noted).toEqual([
      `${credential.id} 2026-05-04T03:02:00.000Z`,
      `${credential.id} 2026-05-04T03:03:00.000Z`,
    ]);
    await vi.waitFor(async () => {
      const [noted] = await at.credentials.list(integration);
      expect(noted?.lastUsed).toBe('2026-05-04T03:03:00.000Z');
    });
    expect(at.failures).toEqual([]);
  });

  it('grants although the use can’t be noted, and tells', async () => {
    const { secret } = await at.addIntegration(tenant);
    const failure = new Error('disk full');
    const told: unknown[] = [];
    const authenticator = createAuthenticator({
      storage: { directory: { ...at.storage.directory, noteCredentialUse: () => Promise.reject(failure) } },
      key: at.key,
      onNoteFailed: (error) => void told.push(error),
    });
    expect(await authenticator.authenticate(headerOf(secret), START)).toBeDefined();
    await vi.waitFor(() => expect(told).toEqual([failure]));
  });
});
