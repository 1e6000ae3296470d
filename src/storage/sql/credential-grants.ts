import type { CredentialGrant, Directory } from '../directory.ts';
import { credentialOf, integrationOf, readUserStores, tenantOf } from './directory-rows.ts';
import type { Engine } from './engine.ts';
import type { Tables } from './tables.ts';

/** All of a credential, its integration and its tenant, each row found by its primary key. */
const FIND_GRANT = `SELECT c.integration_id, c.digest, c.suffix, c.created, c.last_used, c.expires,
    i.name AS integration_name, i.auth, i.settings, i.created AS integration_created,
    t.domain, t.name AS tenant_name, t.is_super, t.active, t.created AS tenant_created, t.revision, t.definition_revision
  FROM credential c
  JOIN integration i ON i.tenant_id = c.tenant_id AND i.id = c.integration_id
  JOIN tenant t ON t.id = c.tenant_id
  WHERE c.tenant_id = ? AND c.id = ?`;

const FIND_REVISION = 'SELECT revision FROM tenant WHERE id = ?';

const KEPT_AT_MOST = 10_000;

interface GrantRow extends Omit<Tables['credential'], 'tenant_id' | 'id'> {
  integration_name: string;
  auth: string;
  settings: string;
  integration_created: string;
  domain: string;
  tenant_name: string;
  is_super: number;
  active: number;
  tenant_created: string;
  revision: number;
  definition_revision: number;
}

interface GrantFinder {
  readonly find: Directory['findCredential'];
  /** Ends what is kept, after this process has changed a tenant, its integrations or its credentials. */
  readonly forget: () => void;
}

interface KeptGrant {
  readonly revision: number;
  readonly grant: CredentialGrant;
  /** When the database was last asked, on the clock of `performance.now()`. */
  readonly asked: number;
}

/**
 * Finds credentials with their integration and tenant. Every request begins with this, so the queries are written by
 * hand, and a grant is kept: while the tenant's revision is what it was, one number is read in place of fifteen columns.
 * What this process has changed counts at once, and what another one has changed when the database is asked again, no
 * later than `grantsKeptMs` of the dialect. Only `lastUsed` may be older than the database has it.
 */
export function createGrantFinder(engine: Engine): GrantFinder {
  const { grantsKeptMs } = engine.dialect;
  const kept = new Map<string, KeptGrant>();
  let changes = 0;

  async function find(tenantId: string, credentialId: string): Promise<CredentialGrant | undefined> {
    const name = `${tenantId}-${credentialId}`;
    const known = kept.get(name);
    const asked = performance.now();
    const changesBefore = changes;
    const keep = (grant: CredentialGrant, revision: number): CredentialGrant => {
      if (kept.size >= KEPT_AT_MOST) kept.clear();
      // what was read before a change may be what was before it
      if (changes === changesBefore) kept.set(name, { revision, grant, asked });
      return grant;
    };

    if (known !== undefined) {
      if (asked - known.asked < grantsKeptMs) return known.grant;
      const now = await engine.shared.reader.get<{ revision: number }>(FIND_REVISION, [tenantId]);
      if (now?.revision === known.revision) return keep(known.grant, known.revision);
    }
    const { reader } = engine.of(tenantId);
    const row = await reader.get<GrantRow>(FIND_GRANT, [tenantId, credentialId]);
    if (row === undefined) {
      kept.delete(name);
      return undefined;
    }
    const userStores = await readUserStores(reader, tenantId);
    return keep({ ...grantOf(tenantId, credentialId, row), userStores }, row.revision);
  }

  return {
    find,
    forget() {
      changes++;
      kept.clear();
    },
  };
}

function grantOf(tenantId: string, id: string, row: GrantRow): Omit<CredentialGrant, 'userStores'> {
  return {
    credential: credentialOf({ ...row, tenant_id: tenantId, id }),
    integration: integrationOf({
      tenant_id: tenantId,
      id: row.integration_id,
      name: row.integration_name,
      auth: row.auth,
      settings: row.settings,
      created: row.integration_created,
    }),
    tenant: tenantOf({
      id: tenantId,
      domain: row.domain,
      name: row.tenant_name,
      is_super: row.is_super,
      active: row.active,
      created: row.tenant_created,
    }),
    definitionRevision: Number(row.definition_revision),
  };
}
