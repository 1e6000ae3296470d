import type { Generated } from 'kysely';

/** The tables that the administration of tenants reads and writes, as the query builder knows them. */
export interface Tables {
  setting: { name: string; value: string };
  tenant: {
    id: string;
    domain: string;
    name: string;
    is_super: number;
    active: number;
    created: string;
    /** Another one after every change of the tenant, its integrations or its credentials. */
    revision: Generated<number>;
    /** Another one after every change of its definitions; 0 before the first. */
    definition_revision: Generated<number>;
  };
  definition: {
    tenant_id: string;
    kind: string;
    name: string;
    content: string;
    created: string;
    /** The revision that it came with. */
    position: number;
  };
  user_store: { tenant_id: string; name_key: string; name: string; created: string };
  integration: {
    tenant_id: string;
    id: string;
    name: string;
    auth: string;
    settings: string;
    created: string;
  };
  credential: {
    tenant_id: string;
    id: string;
    integration_id: string;
    digest: Uint8Array;
    suffix: string;
    created: string;
    last_used: string | null;
    expires: string | null;
  };
  user_password: { tenant_id: string; user_id: string; hash: string; changed: string };
  resource: { tenant_id: string; type: string; store: string };
}
