import { createSecretKey, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccounts } from '../../src/service/accounts.ts';
import { createServices } from '../../src/service/services.ts';
import type { Credential, Integration, Tenant, UserStore } from '../../src/storage/directory.ts';
import type { Storage } from '../../src/storage/storage.ts';

const created = '2026-01-02T03:04:05.678Z';

export const tenantOf = (domain: string, id = domain.replaceAll('.', '')): Tenant => ({
  id,
  domain,
  name: `The ${domain}`,
  isSuper: false,
  active: true,
  created,
});

export const storeOf = (tenantId: string, name: string): UserStore => ({
  tenantId,
  name,
  nameKey: name.toLowerCase(),
  created,
});

export const integrationOf = (tenantId: string, id: string): Integration => ({
  tenantId,
  id,
  name: `Integration ${id}`,
  auth: 'basic',
  settings: { dialect: 'strict', requirePrimaryEmail: false, scopes: ['read'] },
  created,
});

export const credentialOf = (tenantId: string, integrationId: string, id: string): Credential => ({
  tenantId,
  id,
  integrationId,
  digest: Uint8Array.from({ length: 32 }, (_, index) => index * 8),
  suffix: 'a-_9',
  created,
  lastUsed: undefined,
  expires: undefined,
});

type Open = () => Promise<{ storage: Storage; close: () => Promise<void> }>;

/** A storage for each test of a describe, with nothing in it but what the test adds. */
export function openedForEach(open: Open) {
  let opened: Awaited<ReturnType<Open>>;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());
  const directory = () => opened.storage.directory;
  return {
    storage: () => opened.storage,
    directory,
    async addTenant(domain: string): Promise<Tenant> {
      const tenant = tenantOf(domain);
      await directory().createTenant(tenant, storeOf(tenant.id, 'PRIMARY'));
      return tenant;
    },
  };
}

/**
 * What every storage keeps of tenants, user stores, integrations and credentials.
 *
 * @param open gives a storage with nothing in it
 */
export function describeDirectory(
  open: () => Promise<{ storage: Storage; close: () => Promise<void> }>,
): void {
  describe('the directory', () => {
    const { storage, directory, addTenant } = openedForEach(open);

    async function addCredential(tenant: Tenant): Promise<[Integration, Credential]> {
      const integration = integrationOf(tenant.id, 'i1');
      const credential = credentialOf(tenant.id, 'i1', 'c1');
      await directory().createIntegration(integration, credential);
      return [integration, credential];
    }

    it('keeps tenants with their first store', async () => {
      const [b, a] = [await addTenant('b.example'), await addTenant('a.example')];
      expect(await directory().listTenants()).toEqual([a, b]);
      expect(await directory().findTenant('b.example')).toEqual(b);
      expect(await directory().findTenant('B.example')).toBeUndefined();
      expect(await directory().listUserStores(a.id)).toEqual([storeOf(a.id, 'PRIMARY')]);
    });

    it('knows the super tenant', async () => {
      await addTenant('a.example');
      expect(await directory().superTenant()).toBeUndefined();
      const first: Tenant = { ...tenantOf('carbon.super'), isSuper: true };
      await directory().createTenant(first, storeOf(first.id, 'PRIMARY'));
      expect(await directory().superTenant()).toEqual(first);
    });

    it('refuses a domain that is taken, and leaves no store behind', async () => {
      const tenant = await addTenant('a.example');
      const second = tenantOf('a.example', 'other');
      const refused = directory().createTenant(second, storeOf('other', 'PRIMARY'));
      await expect(refused).rejects.toMatchObject({ status: 409, scimType: 'uniqueness' });
      expect(await directory().listTenants()).toEqual([tenant]);
      expect(await directory().listUserStores('other')).toEqual([]);
    });

    it('gives a domain to one of two that ask at the same time', async () => {
      const attempts = await Promise.allSettled(
        ['one', 'two', 'three'].map((id) =>
          directory().createTenant(tenantOf('a.example', id), storeOf(id, 'PRIMARY')),
        ),
      );
      expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await directory().listTenants()).toHaveLength(1);
    });

    it('activates and deactivates one tenant', async () => {
      const [a, b] = [await addTenant('a.example'), await addTenant('b.example')];
      await directory().setTenantActive(a.id, false);
      expect(await directory().listTenants()).toEqual([{ ...a, active: false }, b]);
      await directory().setTenantActive(a.id, true);
      expect(await directory().findTenant('a.example')).toEqual(a);
    });

    it('keeps user stores of one name apart by tenant, and refuses a second in one tenant', async () => {
      const [a, b] = [await addTenant('a.example'), await addTenant('b.example')];
      await directory().createUserStore(storeOf(a.id, 'EU'));
      await directory().createUserStore(storeOf(b.id, 'EU'));
      const again = directory().createUserStore({ ...storeOf(a.id, 'EU'), name: 'eu' });
      await expect(again).rejects.toMatchObject({ status: 409, scimType: 'uniqueness' });
      expect(await directory().listUserStores(a.id)).toEqual([storeOf(a.id, 'EU'), storeOf(a.id, 'PRIMARY')]);
      expect(await directory().deleteUserStore(a.id, 'eu')).toBe(true);
      expect(await directory().deleteUserStore(a.id, 'eu')).toBe(false);
      expect((await directory().listUserStores(b.id)).map(({ name }) => name)).toEqual(['EU', 'PRIMARY']);
    });

    it('keeps a user store that holds a resource', async () => {
      const [a, b] = [await addTenant('a.example'), await addTenant('b.example')];
      for (const { id } of [a, b]) await directory().createUserStore(storeOf(id, 'EU'));
      await storage().transaction(a.id, (tx) =>
        tx.insertResource(a.id, {
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
      expect(await directory().deleteUserStore(a.id, 'eu')).toBe(false);
      expect(await directory().deleteUserStore(b.id, 'eu')).toBe(true);
      expect((await directory().listUserStores(a.id)).map(({ name }) => name)).toEqual(['EU', 'PRIMARY']);
    });

    it('finds a credential with its integration and tenant', async () => {
      const tenant = await addTenant('a.example');
      const [integration, credential] = await addCredential(tenant);
      const grant = await directory().findCredential(tenant.id, credential.id);
      expect(
        grant && { ...grant, credential: { ...grant.credential, digest: [...grant.credential.digest] } },
      ).toEqual({
        credential: { ...credential, digest: [...credential.digest] },
        userStores: await directory().listUserStores(credential.tenantId),
        integration,
        tenant,
        definitionRevision: 0,
      });
      expect(await directory().findCredential(tenant.id, 'c2')).toBeUndefined();
    });

    it('finds nothing of one tenant under the id of another', async () => {
      const [a, b] = [await addTenant('a.example'), await addTenant('b.example')];
      const [integration, credential] = await addCredential(a);
      expect(await directory().findCredential(b.id, credential.id)).toBeUndefined();
      expect(await directory().getIntegration(b.id, integration.id)).toBeUndefined();
      expect(await directory().listIntegrations(b.id)).toEqual([]);
      expect(await directory().listCredentials(b.id, integration.id)).toEqual([]);
      expect(await directory().endCredential(b.id, credential.id, created)).toBe(false);
      expect(await directory().deleteIntegration(b.id, integration.id)).toBe(false);
      await directory().noteCredentialUse(b.id, credential.id, created);
      const grant = await directory().findCredential(a.id, credential.id);
      expect(grant?.credential).toMatchObject({ lastUsed: undefined, expires: undefined });
    });

    it('changes an integration of one tenant, and its grant at once', async () => {
      const [a, b] = [await addTenant('a.example'), await addTenant('b.example')];
      const [integration] = await addCredential(a);
      const found = async () => (await directory().findCredential(a.id, 'c1'))?.integration;
      expect(await found()).toEqual(integration);
      const changed: Integration = {
        ...integration,
        name: 'changed',
        settings: { ...integration.settings, dialect: 'strict', tolerances: { 'scalar-member': true } },
      };
      expect(await directory().updateIntegration(b.id, integration.id, () => changed)).toBeUndefined();
      expect(await found()).toEqual(integration);
      const given: Integration[] = [];
      const updated = await directory().updateIntegration(a.id, integration.id, (current) => {
        given.push(current);
        return changed;
      });
      expect([given.at(-1), updated, await found()]).toEqual([integration, changed, changed]);
      expect(await directory().getIntegration(a.id, integration.id)).toEqual(changed);
      const failing = directory().updateIntegration(a.id, integration.id, () => {
        throw new Error('not like this');
      });
      await expect(failing).rejects.toThrow('not like this');
      expect(await found()).toEqual(changed);
    });

    it('finds a credential as it is after every change', async () => {
      const tenant = await addTenant('a.example');
      await addCredential(tenant);
      const expires = '2026-02-01T00:00:00.000Z';
      const found = async () => {
        const grant = await directory().findCredential(tenant.id, 'c1');
        return grant && [grant.tenant.active, grant.credential.expires];
      };
      expect(await found()).toEqual([true, undefined]);
      await directory().setTenantActive(tenant.id, false);
      expect(await found()).toEqual([false, undefined]);
      await directory().setTenantActive(tenant.id, true);
      expect(await found()).toEqual([true, undefined]);
      await directory().endCredential(tenant.id, 'c1', expires);
      expect(await found()).toEqual([true, expires]);
      await directory().deleteIntegration(tenant.id, 'i1');
      expect(await found()).toBeUndefined();
      await directory().createIntegration(
        integrationOf(tenant.id, 'i1'),
        credentialOf(tenant.id, 'i1', 'c1'),
      );
      expect(await found()).toEqual([true, undefined]);
      await directory().deleteTenant(tenant.id);
      expect(await found()).toBeUndefined();
    });

    it('lists and deletes integrations with their credentials', async () => {
      const tenant = await addTenant('a.example');
      const [integration, credential] = await addCredential(tenant);
      await directory().createCredential(credentialOf(tenant.id, 'i1', 'c2'));
      await directory().createIntegration(
        integrationOf(tenant.id, 'i2'),
        credentialOf(tenant.id, 'i2', 'c3'),
      );
      expect((await directory().listIntegrations(tenant.id)).map(({ id }) => id)).toEqual(['i1', 'i2']);
      expect(await directory().getIntegration(tenant.id, 'i1')).toEqual(integration);
      const credentials = await directory().listCredentials(tenant.id, 'i1');
      expect(credentials.map(({ id }) => id)).toEqual(['c1', 'c2']);
      expect(await directory().deleteIntegration(tenant.id, 'i1')).toBe(true);
      expect(await directory().findCredential(tenant.id, credential.id)).toBeUndefined();
      expect(await directory().listCredentials(tenant.id, 'i1')).toEqual([]);
      expect(await directory().findCredential(tenant.id, 'c3')).toBeDefined();
      expect(await directory().deleteIntegration(tenant.id, 'i1')).toBe(false);
    });

    it('puts a credential in the place of a live one, or does nothing', async () => {
      const tenant = await addTenant('acme.com');
      const [integration, credential] = await addCredential(tenant);
      const soon = '2026-02-01T00:00:00.000Z';
      const replace = (oldId: string, id: string, integrationId = integration.id) =>
        directory().replaceCredential(
          { id: oldId, at: soon, digest: undefined },
          credentialOf(tenant.id, integrationId, id),
          '2026-01-15T00:00:00.000Z',
        );
      expect(await replace(credential.id, 'c2', 'another')).toBe(false);
      expect(await replace('none', 'c2')).toBe(false);
      expect(await replace(credential.id, 'c2')).toBe(true);
      await directory().endCredential(tenant.id, 'c2', '2026-01-15T00:00:00.000Z');
      expect(await replace('c2', 'c3')).toBe(false);
      const listed = await directory().listCredentials(tenant.id, undefined);
      expect(listed.map(({ id, expires }) => [id, expires])).toEqual([
        [credential.id, soon],
        ['c2', '2026-01-15T00:00:00.000Z'],
      ]);
    });

    it('ends a credential at the earlier of two times', async () => {
      const tenant = await addTenant('a.example');
      await addCredential(tenant);
      const expires = async () => (await directory().findCredential(tenant.id, 'c1'))?.credential.expires;
      const [early, late] = ['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'];
      for (const [at, expected] of [
        [late, late],
        [early, early],
        [late, early],
      ] as const) {
        expect(await directory().endCredential(tenant.id, 'c1', at)).toBe(true);
        expect(await expires()).toBe(expected);
      }
      expect(await directory().endCredential(tenant.id, 'c2', early)).toBe(false);
    });

    it('notes the latest use of a credential', async () => {
      const tenant = await addTenant('a.example');
      await addCredential(tenant);
      const [first, second] = ['2026-02-01T00:01:00.000Z', '2026-02-01T00:02:00.000Z'];
      for (const at of [first, second, first]) await directory().noteCredentialUse(tenant.id, 'c1', at);
      const [credential] = await directory().listCredentials(tenant.id, 'i1');
      expect(credential?.lastUsed).toBe(second);
    });

    it('keeps passwords by tenant and user, the latest', async () => {
      expect(await directory().getPassword('t1', 'u1')).toBeUndefined();
      await storage().transaction('t1', (tx) => tx.setPassword('t1', 'u1', 'first', created));
      await storage().transaction('t1', (tx) => tx.setPassword('t1', 'u1', 'second', created));
      expect(await directory().getPassword('t1', 'u1')).toBe('second');
      expect(await directory().getPassword('t2', 'u1')).toBeUndefined();
    });

    it('keeps permissions of groups, each once', async () => {
      const tenant = await addTenant('a.example');
      const accounts = createAccounts(
        createServices({ storage: storage(), key: createSecretKey(randomBytes(32)), now: Date.now }),
        'http://roster.test',
      );
      const user = await accounts.createUser(tenant, 'x');
      const group = await accounts.createGroup(tenant, 'staff', [user]);
      for (const permission of ['b', 'a', 'b'])
        expect(await directory().grantPermission(tenant.id, group, permission)).toBe(true);
      expect(await directory().grantPermission(tenant.id, user, 'a')).toBe(false);
      expect(await directory().listPermissions(tenant.id)).toEqual(new Map([[group, ['a', 'b']]]));
      const permitted = () =>
        Promise.all(['a', 'b', 'c'].map((each) => directory().permits(tenant.id, user, each)));
      expect(await permitted()).toEqual([true, true, false]);
      expect(await directory().revokePermission(tenant.id, group, 'b')).toBe(true);
      expect(await directory().revokePermission(tenant.id, group, 'b')).toBe(false);
      expect(await permitted()).toEqual([true, false, false]);
    });

    it('keeps settings', async () => {
      expect(await directory().getSetting('one')).toBeUndefined();
      await directory().putSetting('one', '1');
      await directory().putSetting('two', '2');
      await directory().putSetting('one', '3');
      expect(await directory().getSetting('one')).toBe('3');
      expect(await directory().getSetting('two')).toBe('2');
    });

    it('deletes a tenant with everything in it, and nothing of another', async () => {
      const [a, b] = [await addTenant('a.example'), await addTenant('b.example')];
      const accounts = createAccounts(
        createServices({ storage: storage(), key: createSecretKey(randomBytes(32)), now: Date.now }),
        'http://roster.test',
      );
      for (const tenant of [a, b]) {
        await addCredential(tenant);
        const users = await Promise.all(
          ['x', 'y', 'z'].map((userName) => accounts.createUser(tenant, userName)),
        );
        await accounts.createGroup(tenant, 'staff', users);
        await storage().transaction(tenant.id, (tx) => tx.setPassword(tenant.id, 'u1', 'hash', created));
      }
      await directory().deleteTenant(a.id);
      expect(await directory().listTenants()).toEqual([b]);
      expect(await directory().findCredential(a.id, 'c1')).toBeUndefined();
      expect(await directory().listIntegrations(a.id)).toEqual([]);
      expect(await directory().listUserStores(a.id)).toEqual([]);
      expect(await directory().getPassword(a.id, 'u1')).toBeUndefined();
      expect(await accounts.findUser(a, 'x')).toBeUndefined();
      expect(await accounts.findGroup(a, 'staff')).toBeUndefined();
      expect(await directory().findCredential(b.id, 'c1')).toBeDefined();
      expect(await accounts.findUser(b, 'x')).toBeDefined();
      const group = await accounts.findGroup(b, 'staff');
      expect(await storage().countMembers(b.id, group ?? '', 10)).toBe(3);
      const again = { ...a, id: 'again' };
      await directory().createTenant(again, storeOf('again', 'PRIMARY'));
      expect(await directory().findTenant('a.example')).toEqual(again);
    });
  });
}
