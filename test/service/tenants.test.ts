import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInstallation, type TestInstallation } from './installation.ts';

describe('tenants', () => {
  let at: TestInstallation;
  beforeEach(async () => {
    at = await createInstallation();
  });
  afterEach(() => at.close());

  it('are created with the store PRIMARY, active, and with the domain as their name', async () => {
    const tenant = await at.tenants.create('Acme.COM');
    expect(tenant).toEqual({
      id: expect.stringMatching(/^[a-z2-7]{12}$/),
      domain: 'acme.com',
      name: 'acme.com',
      isSuper: false,
      active: true,
      created: '2026-05-04T03:02:01.000Z',
    });
    expect(await at.tenants.find('ACME.com')).toEqual(tenant);
    expect((await at.userStores.list(tenant)).map(({ name }) => name)).toEqual(['PRIMARY']);
    expect(await at.tenants.create('b.example', ' The B ')).toMatchObject({ name: 'The B' });
  });

  it.each([
    ['acme.com', 'acme.com'],
    ['a-b.example', 'a-b.example'],
    ['intranet', 'intranet'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ])('take the domain %s as %s', async (domain, folded) => {
    expect((await at.tenants.create(domain)).domain).toBe(folded);
  });

  it.each([
    '',
    ' ',
    'a b.com',
    '-a.com',
    'a-.com',
    'a..com',
    'a.com.',
    '.com',
    'a_b.com',
    'a/b',
    'user@a.com',
    'a.com:80',
    'http://a.com',
    'a%2eb.com',
    'é/b.com',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(127)}com`,
    'a.com\u0000',
    "a'; DROP TABLE tenant; --",
  ])('refuse what is no domain: %j', async (domain) => {
    await expect(at.tenants.create(domain)).rejects.toMatchObject({ problem: 'invalid' });
    expect(await at.tenants.list()).toEqual([]);
  });

  it('refuse a name without a character or with a line break', async () => {
    for (const name of ['', '  ', 'a\nb', 'x'.repeat(201)]) {
      await expect(at.tenants.create('a.example', name)).rejects.toMatchObject({ problem: 'invalid' });
    }
  });

  it('refuse a domain twice, in whatever case', async () => {
    await at.tenants.create('acme.com');
    await expect(at.tenants.create('ACME.com')).rejects.toMatchObject({ status: 409 });
  });

  it('begin with the super tenant, which is made once', async () => {
    const attempts = await Promise.all([
      at.tenants.ensureSuper(),
      at.tenants.ensureSuper(),
      at.tenants.ensureSuper(),
    ]);
    expect(new Set(attempts.map(({ id }) => id)).size).toBe(1);
    expect(await at.tenants.list()).toEqual([attempts[0]]);
    expect(attempts[0]).toMatchObject({ domain: 'carbon.super', isSuper: true, active: true });
  });

  it('keep the super tenant as it is', async () => {
    await at.tenants.ensureSuper();
    for (const attempt of [
      () => at.tenants.create('carbon.super'),
      () => at.tenants.remove('carbon.super'),
      () => at.tenants.setActive('carbon.super', false),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ problem: 'conflict' });
    }
    expect(await at.tenants.setActive('carbon.super', true)).toMatchObject({ active: true });
  });

  it('are deactivated, activated and deleted by their domain', async () => {
    const tenant = await at.tenants.create('acme.com');
    expect(await at.tenants.setActive('acme.com', false)).toEqual({ ...tenant, active: false });
    expect(await at.tenants.find('acme.com')).toMatchObject({ active: false });
    expect(await at.tenants.setActive('Acme.com', true)).toEqual(tenant);
    expect(await at.tenants.remove('Acme.com')).toEqual(tenant);
    for (const attempt of [
      () => at.tenants.find('acme.com'),
      () => at.tenants.remove('acme.com'),
      () => at.tenants.setActive('acme.com', true),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ problem: 'notFound' });
    }
  });
});

describe('user stores', () => {
  let at: TestInstallation;
  beforeEach(async () => {
    at = await createInstallation();
  });
  afterEach(() => at.close());

  it('are kept in upper case and found in any', async () => {
    const tenant = await at.tenants.create('acme.com');
    expect(await at.userStores.create(tenant, 'amrsnghe')).toMatchObject({ name: 'AMRSNGHE' });
    await expect(at.userStores.create(tenant, 'AmrsNghe')).rejects.toMatchObject({ status: 409 });
    await expect(at.userStores.create(tenant, 'primary')).rejects.toMatchObject({ status: 409 });
    expect((await at.userStores.list(tenant)).map(({ name }) => name)).toEqual(['AMRSNGHE', 'PRIMARY']);
    expect(await at.userStores.remove(tenant, 'Amrsnghe')).toMatchObject({ name: 'AMRSNGHE' });
    await expect(at.userStores.remove(tenant, 'Amrsnghe')).rejects.toMatchObject({ problem: 'notFound' });
  });

  it.each(['', 'a/b', 'a b', 'a@b', '.a', 'ä', 'x'.repeat(65), 'Internal', 'APPLICATION'])(
    'can’t be named %j',
    async (name) => {
      const tenant = await at.tenants.create('acme.com');
      await expect(at.userStores.create(tenant, name)).rejects.toMatchObject({ problem: 'invalid' });
    },
  );

  it('always include PRIMARY', async () => {
    const tenant = await at.tenants.create('acme.com');
    await expect(at.userStores.remove(tenant, 'primary')).rejects.toMatchObject({ problem: 'conflict' });
  });

  it('stay while something is in them', async () => {
    const tenant = await at.tenants.create('acme.com');
    await at.userStores.create(tenant, 'EU');
    await at.storage.transaction(tenant.id, (tx) =>
      tx.insertResource(tenant.id, {
        type: 'User',
        stored: {
          id: 'u1',
          doc: '{}',
          version: 1,
          created: '2026-01-01T00:00:00',
          lastModified: '2026-01-01T00:00:00',
        },
        store: 'eu',
        values: [],
      }),
    );
    await expect(at.userStores.remove(tenant, 'EU')).rejects.toMatchObject({ problem: 'conflict' });
  });
});
