import { describe, expect, it } from 'vitest';
import type { DefinitionChange, StoredDefinition, Tenant } from '../../src/storage/directory.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { credentialOf, integrationOf, openedForEach } from './directory-contract.ts';

const created = '2026-01-02T03:04:05.678Z';

/**
 * What every storage keeps of the schemas and resource types that tenants define.
 *
 * @param open gives a storage with nothing in it
 */
export function describeDefinitions(
  open: () => Promise<{ storage: Storage; close: () => Promise<void> }>,
): void {
  describe('definitions', () => {
    const { storage, directory, addTenant } = openedForEach(open);

    const row = (kind: StoredDefinition['kind'], name: string): StoredDefinition => ({
      kind,
      name,
      content: JSON.stringify({ name }),
      created,
    });
    const change = (tenant: Tenant, revision: number, more: Partial<DefinitionChange>) =>
      directory().changeDefinitions(tenant.id, { revision, added: [], removed: [], unused: [], ...more });

    it('are kept in the order in which they came, apart by tenant, and counted', async () => {
      const [a, b] = [await addTenant('a.example'), await addTenant('b.example')];
      expect(await change(a, 0, { added: [row('schema', 'urn:z')] })).toBe('done');
      expect(await change(a, 1, { added: [row('schema', 'urn:b'), row('extension', 'User urn:b')] })).toBe(
        'done',
      );
      expect(await directory().listDefinitions(a.id)).toEqual([
        row('schema', 'urn:z'),
        row('extension', 'User urn:b'),
        row('schema', 'urn:b'),
      ]);
      expect(await directory().definitionRevision(a.id)).toBe(2);
      expect(await directory().listDefinitions(b.id)).toEqual([]);
      expect(await directory().definitionRevision(b.id)).toBe(0);
      expect(await change(a, 2, { removed: [{ kind: 'schema', name: 'urn:b' }] })).toBe('done');
      expect((await directory().listDefinitions(a.id)).map(({ name }) => name)).toEqual([
        'urn:z',
        'User urn:b',
      ]);
    });

    it('can be replaced, and keep their places then', async () => {
      const tenant = await addTenant('a.example');
      await change(tenant, 0, { added: [row('schema', 'urn:z')] });
      await change(tenant, 1, { added: [row('schema', 'urn:b')] });
      const replaced = [{ kind: 'schema', name: 'urn:z', content: '"new"' } as const];
      expect(await change(tenant, 1, { replaced })).toBe('changed');
      expect(await change(tenant, 2, { replaced })).toBe('done');
      expect(await directory().listDefinitions(tenant.id)).toEqual([
        { ...row('schema', 'urn:z'), content: '"new"' },
        row('schema', 'urn:b'),
      ]);
      expect(await directory().definitionRevision(tenant.id)).toBe(3);
    });

    it('change for what was known of them only', async () => {
      const tenant = await addTenant('a.example');
      const changes = ['urn:a', 'urn:b'].map((urn) => change(tenant, 0, { added: [row('schema', urn)] }));
      expect((await Promise.all(changes)).sort()).toEqual(['changed', 'done']);
      expect(await directory().listDefinitions(tenant.id)).toHaveLength(1);
    });

    it('are seen by credentials at once', async () => {
      const tenant = await addTenant('a.example');
      const { id } = credentialOf(tenant.id, 'i1', 'c1');
      await directory().createIntegration(integrationOf(tenant.id, 'i1'), credentialOf(tenant.id, 'i1', id));
      expect((await directory().findCredential(tenant.id, id))?.definitionRevision).toBe(0);
      await change(tenant, 0, { added: [row('schema', 'urn:a')] });
      expect((await directory().findCredential(tenant.id, id))?.definitionRevision).toBe(1);
    });

    it('stay when resources stand against a change', async () => {
      const [a, b] = [await addTenant('a.example'), await addTenant('b.example')];
      const value = { path: '<urn:a>:x', key: 'k', element: 0, labels: { type: null, primary: null } };
      const write = {
        type: 'User',
        stored: {
          id: 'u1',
          doc: '{}',
          version: 1,
          created: '2026-01-01T00:00:00',
          lastModified: '2026-01-01T00:00:00',
        },
        store: 'primary',
        values: [value, { ...value, key: 'l' }, { ...value, path: '<urn:a>:y.z' }],
      };
      await storage().transaction(a.id, (tx) => tx.insertResource(a.id, write));
      const uses: [type: string, path: string | undefined, count: number][] = [
        ['User', undefined, 1],
        ['User', '<urn:a>:', 1],
        ['User', '<urn:a>:x', 1],
        ['User', '<urn:a>:y.', 1],
        ['User', '<urn:a>:y', 0],
        ['User', '<urn:a>:y.z', 1],
        ['User', '<urn:a>:x.', 0],
        ['User', '<urn:>:', 0],
        ['User', '<urn:a:x>:', 0],
        ['Group', undefined, 0],
        ['Group', '<urn:a>:', 0],
      ];
      let revision = 0;
      for (const [type, path, count] of uses) {
        const use = { type, path };
        expect(await directory().countUse(a.id, use)).toBe(count);
        expect(await directory().countUse(b.id, use)).toBe(0);
        const outcome = await change(a, revision, { unused: [use] });
        expect([type, path, outcome]).toEqual([type, path, count > 0 ? 'used' : 'done']);
        if (outcome === 'done') revision++;
      }
      expect(await directory().definitionRevision(a.id)).toBe(revision);
    });
  });
}
