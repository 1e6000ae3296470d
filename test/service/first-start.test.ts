import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runFirstStart } from '../../src/service/first-start.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import { createInstallation, headerOf, START, type TestInstallation } from './installation.ts';

describe('the first start', () => {
  let at: TestInstallation;
  let tenant: Tenant;
  beforeEach(async () => {
    at = await createInstallation();
    tenant = await at.tenants.ensureSuper();
  });
  afterEach(() => at.close());

  const run = (settings: { password?: string; quickstart?: boolean } = {}) =>
    runFirstStart({
      ...at,
      tenant,
      password: settings.password,
      quickstart: settings.quickstart ?? true,
    });

  async function passwordHashOf(userName: string): Promise<string | undefined> {
    const id = await at.accounts.findUser(tenant, userName);
    return id === undefined ? undefined : at.storage.directory.getPassword(tenant.id, id);
  }

  it('makes admin, its group and the integration quickstart, once', async () => {
    const made = await run();
    if (made?.password === undefined) throw new Error('nothing was made');
    expect(made).toMatchObject({ userName: 'admin', integration: 'quickstart' });
    expect(made.password.length).toBeGreaterThanOrEqual(20);
    expect(await at.passwords.verify(made.password, await passwordHashOf('admin'))).toBe(true);
    const group = await at.accounts.findGroup(tenant, 'admin');
    const members = await at.storage.listMembers(tenant.id, group ?? '', undefined, 10);
    expect(members.map(({ value }) => value)).toEqual([await at.accounts.findUser(tenant, 'admin')]);
    const grant = await at.authenticator.authenticate(headerOf(made.secret), START);
    expect(grant?.integration).toMatchObject({
      name: 'quickstart',
      auth: 'bearer',
      settings: { dialect: 'standard', requirePrimaryEmail: true, scopes: ['read', 'write'] },
    });
    expect(await run()).toBeUndefined();
    expect(await at.integrations.list(tenant)).toHaveLength(1);
  });

  it('is made by one of several processes that start together', async () => {
    const made = (await Promise.all([run(), run(), run()])).filter((each) => each !== undefined);
    expect(made).toHaveLength(1);
    expect(await at.passwords.verify(made[0]?.password ?? '', await passwordHashOf('admin'))).toBe(true);
    expect(await at.integrations.list(tenant)).toHaveLength(1);
    expect(await at.storage.directory.listPermissions(tenant.id)).toHaveProperty('size', 1);
  });

  it('takes a password that the operator has chosen, and does not show it', async () => {
    const made = await run({ password: 'chosen-by-me' });
    expect(made?.password).toBeUndefined();
    expect(await at.passwords.verify('chosen-by-me', await passwordHashOf('admin'))).toBe(true);
  });

  it('leaves user and integration out when told to, for good', async () => {
    expect(await run({ quickstart: false })).toBeUndefined();
    expect(await at.accounts.findUser(tenant, 'admin')).toBeUndefined();
    expect(await at.integrations.list(tenant)).toEqual([]);
    const group = await at.accounts.findGroup(tenant, 'admin');
    expect(await at.storage.countMembers(tenant.id, group ?? '', 1)).toBe(0);
    expect(group).toBeDefined();
    expect(await run()).toBeUndefined();
    expect(await at.accounts.findUser(tenant, 'admin')).toBeUndefined();
  });

  it('goes on where it was interrupted', async () => {
    const interrupted = runFirstStart({
      ...at,
      integrations: { ...at.integrations, create: () => Promise.reject(new Error('disk full')) },
      tenant,
      password: undefined,
      quickstart: true,
    });
    await expect(interrupted).rejects.toThrow('disk full');
    const user = await at.accounts.findUser(tenant, 'admin');
    const made = await run();
    expect(made?.integration).toBe('quickstart');
    expect(await at.accounts.findUser(tenant, 'admin')).toBe(user);
    expect(await at.passwords.verify(made?.password ?? '', await passwordHashOf('admin'))).toBe(true);
  });

  it('an integration of the operator’s that is named quickstart, too, stays', async () => {
    const { integration } = await at.addIntegration(tenant, { name: 'quickstart' });
    await run();
    expect((await at.integrations.list(tenant)).map(({ id }) => id)).toContain(integration.id);
  });
});
