import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { conflict } from '../../core/error.ts';
import type { Directory, SignInState, UserStore } from '../directory.ts';
import { createGrantFinder } from './credential-grants.ts';
import { createDefinitionDirectory } from './definition-directory.ts';
import {
  credentialOf,
  credentialRow,
  integrationOf,
  integrationRow,
  readUserStores,
  tenantOf,
  tenantRow,
  userStoreRow,
} from './directory-rows.ts';
import { type Access, type Engine, type Executor, type SqlValue, UniqueViolation } from './engine.ts';
import { createPermissionDirectory } from './permission-directory.ts';
import type { Tables } from './tables.ts';
import { deleteTenantRows } from './tenant-deletion.ts';
import { holdTenantAlone, holdTenantForChange } from './tenant-lock.ts';

/** Only builds text: with `?` for values and standard SQL besides, which every engine here runs. */
const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Says of the store what the partial index says, so that it can answer. */
const EMPTY_STORES = `SELECT s.name_key AS "nameKey" FROM user_store s
  WHERE s.tenant_id = ? AND s.name_key <> 'primary' AND NOT EXISTS (
    SELECT 1 FROM resource r WHERE r.tenant_id = ? AND r.store = s.name_key AND r.store <> 'primary')`;

/** Requests of users begin with this, so it is written by hand. */
const SIGN_IN_STATE = `SELECT r.version, p.hash, t.revision, t.definition_revision AS "definitionRevision"
  FROM user_password p
  JOIN resource r ON r.tenant_id = p.tenant_id AND r.type = 'User' AND r.id = p.user_id
  JOIN tenant t ON t.id = p.tenant_id
  WHERE p.tenant_id = ? AND p.user_id = ?`;

/** Tenants, user stores, integrations and credentials in a SQL database. */
export function createDirectory(database: Engine): Directory {
  const grants = createGrantFinder(database);
  const engine = telling(database, grants.forget);
  const write = ({ transaction }: Access, query: Compilable): Promise<number> =>
    transaction((executor) => run(executor, query));

  /** Writes what `findCredential` tells of a tenant. */
  const change = <T>(tenantId: string, work: (executor: Executor) => Promise<T>): Promise<T> =>
    engine.of(tenantId).transaction(async (executor) => {
      await holdTenantForChange(engine.dialect, executor, tenantId);
      const result = await work(executor);
      const tenants = db.updateTable('tenant').where('id', '=', tenantId);
      await run(
        executor,
        tenants.set(({ eb }) => ({ revision: eb('revision', '+', 1) })),
      );
      return result;
    });

  return {
    ...createDefinitionDirectory(engine),
    ...createPermissionDirectory(engine),

    createTenant: (tenant, primary) =>
      engine.of(tenant.id).transaction(async (executor) => {
        await insertUnique(
          executor,
          db.insertInto('tenant').values(tenantRow(tenant)),
          `There is a tenant with the domain ${tenant.domain} already.`,
          'domain',
        );
        await run(executor, db.insertInto('user_store').values(userStoreRow(primary)));
      }),

    async listTenants() {
      const rows = await all(engine.shared.reader, db.selectFrom('tenant').selectAll().orderBy('domain'));
      return rows.map(tenantOf);
    },

    async findTenant(domain) {
      const row = await first(
        engine.shared.reader,
        db.selectFrom('tenant').selectAll().where('domain', '=', domain),
      );
      return row && tenantOf(row);
    },

    async superTenant() {
      const row = await first(
        engine.shared.reader,
        db.selectFrom('tenant').selectAll().where('is_super', '=', 1),
      );
      return row && tenantOf(row);
    },

    async setTenantActive(tenantId, active) {
      const query = db
        .updateTable('tenant')
        .set({ active: Number(active) })
        .where('id', '=', tenantId);
      await change(tenantId, (executor) => run(executor, query));
    },

    deleteTenant: (tenantId) => deleteTenantRows(engine, tenantId),

    createUserStore: (store) =>
      change(store.tenantId, async (executor) => {
        await holdTenantAlone(engine.dialect, executor, store.tenantId);
        await insertUnique(
          executor,
          db.insertInto('user_store').values(userStoreRow(store)),
          `There is a user store ${store.name} already.`,
          'name',
        );
        if (await hasNameBehind(executor, store))
          throw conflict(
            `There are names that begin with ${store.name}/ already: change them first.`,
            'name',
          );
      }),

    listUserStores: (tenantId) => readUserStores(engine.of(tenantId).reader, tenantId),

    async emptyUserStores(tenantId) {
      const rows = await engine
        .of(tenantId)
        .reader.all<{ nameKey: string }>(EMPTY_STORES, [tenantId, tenantId]);
      return rows.map(({ nameKey }) => nameKey);
    },

    async deleteUserStore(tenantId, nameKey) {
      const content = db
        .selectFrom('resource')
        .select('resource.store')
        .where('resource.tenant_id', '=', tenantId)
        .where('resource.store', '=', nameKey)
        // says what the partial index says, so that it can answer
        .where('resource.store', '<>', sql.lit('primary'));
      const deletion = db
        .deleteFrom('user_store')
        .where('tenant_id', '=', tenantId)
        .where('name_key', '=', nameKey)
        .where(({ not, exists }) => not(exists(content)));
      return change(tenantId, async (executor) => {
        await holdTenantAlone(engine.dialect, executor, tenantId);
        return (await run(executor, deletion)) > 0;
      });
    },

    createIntegration: (integration, credential) =>
      engine.of(integration.tenantId).transaction(async (executor) => {
        await run(executor, db.insertInto('integration').values(integrationRow(integration)));
        await run(executor, db.insertInto('credential').values(credentialRow(credential)));
      }),

    async listIntegrations(tenantId) {
      const query = db.selectFrom('integration').selectAll().where('tenant_id', '=', tenantId);
      const rows = await all(engine.of(tenantId).reader, query.orderBy('name').orderBy('id'));
      return rows.map(integrationOf);
    },

    async getIntegration(tenantId, id) {
      const query = db.selectFrom('integration').selectAll().where('tenant_id', '=', tenantId);
      const row = await first(engine.of(tenantId).reader, query.where('id', '=', id));
      return row && integrationOf(row);
    },

    updateIntegration: (tenantId, id, changeOf) =>
      change(tenantId, async (executor) => {
        const found = db.selectFrom('integration').selectAll().where('tenant_id', '=', tenantId);
        const row = await first(executor, found.where('id', '=', id));
        if (row === undefined) return undefined;
        const changed = changeOf(integrationOf(row));
        const { name, settings } = integrationRow(changed);
        const integrations = db.updateTable('integration').set({ name, settings });
        await run(executor, integrations.where('tenant_id', '=', tenantId).where('id', '=', id));
        return changed;
      }),

    deleteIntegration: (tenantId, id) =>
      change(tenantId, async (executor) => {
        const ofTenant = db.deleteFrom('credential').where('tenant_id', '=', tenantId);
        await run(executor, ofTenant.where('integration_id', '=', id));
        const integrations = db.deleteFrom('integration').where('tenant_id', '=', tenantId);
        return (await run(executor, integrations.where('id', '=', id))) > 0;
      }),

    async createCredential(credential) {
      await write(
        engine.of(credential.tenantId),
        db.insertInto('credential').values(credentialRow(credential)),
      );
    },

    async listCredentials(tenantId, integrationId) {
      const query = db.selectFrom('credential').selectAll().where('tenant_id', '=', tenantId);
      const wanted = integrationId === undefined ? query : query.where('integration_id', '=', integrationId);
      const rows = await all(engine.of(tenantId).reader, wanted.orderBy('created').orderBy('id'));
      return rows.map(credentialOf);
    },

    replaceCredential: (old, added, now) =>
      change(added.tenantId, async (executor) => {
        const live = endOf(added.tenantId, old.id, old.at, old.digest)
          .where('integration_id', '=', added.integrationId)
          .where(({ eb, or }) => or([eb('expires', 'is', null), eb('expires', '>', now)]));
        if ((await run(executor, live)) === 0) return false;
        await run(executor, db.insertInto('credential').values(credentialRow(added)));
        return true;
      }),

    endCredential: (tenantId, credentialId, at, digest) =>
      change(
        tenantId,
        async (executor) => (await run(executor, endOf(tenantId, credentialId, at, digest))) > 0,
      ),

    findCredential: grants.find,

    async noteCredentialUse(tenantId, credentialId, at) {
      // no grant says another thing after it
      await write(
        database.of(tenantId),
        db
          .updateTable('credential')
          .set({ last_used: at })
          .where('tenant_id', '=', tenantId)
          .where('id', '=', credentialId)
          .where(({ eb, or }) => or([eb('last_used', 'is', null), eb('last_used', '<', at)])),
      );
    },

    async getPassword(tenantId, userId) {
      const query = db.selectFrom('user_password').select('hash').where('tenant_id', '=', tenantId);
      return (await first(engine.of(tenantId).reader, query.where('user_id', '=', userId)))?.hash;
    },

    async signInState(tenantId, userId) {
      const row = await engine
        .of(tenantId)
        .reader.get<Record<keyof SignInState, string | number>>(SIGN_IN_STATE, [tenantId, userId]);
      if (row === undefined) return undefined;
      return {
        version: Number(row.version),
        hash: String(row.hash),
        revision: Number(row.revision),
        definitionRevision: Number(row.definitionRevision),
      };
    },

    async getSetting(name) {
      return (
        await first(engine.shared.reader, db.selectFrom('setting').select('value').where('name', '=', name))
      )?.value;
    },

    async putSetting(name, value) {
      await write(
        engine.shared,
        db
          .insertInto('setting')
          .values({ name, value })
          .onConflict((conflicting) => conflicting.column('name').doUpdateSet({ value })),
      );
    },
  };
}

/** The engine, with something done after each transaction for a tenant. */
const telling = (engine: Engine, onWrite: () => void): Engine => ({
  ...engine,
  of(tenantId) {
    const access = engine.of(tenantId);
    return { ...access, transaction: (work) => access.transaction(work).finally(onWrite) };
  },
});

/** Ends a credential, unless it ends earlier by itself. @param digest undefined: that of the secret stays */
const endOf = (tenantId: string, credentialId: string, at: string, digest: Uint8Array | undefined) =>
  db
    .updateTable('credential')
    .set(({ eb }) => ({
      expires: eb
        .case()
        .when(eb.or([eb('expires', 'is', null), eb('expires', '>', at)]))
        .then(at)
        .else(eb.ref('expires'))
        .end(),
      ...(digest !== undefined && { digest }),
    }))
    .where('tenant_id', '=', tenantId)
    .where('id', '=', credentialId);

/** Whether users or groups of PRIMARY are called as if they were in a store. */
async function hasNameBehind(executor: Executor, { tenantId, nameKey }: UserStore): Promise<boolean> {
  for (const [type, column] of [
    ['User', 'user_name'],
    ['Group', 'display_name'],
  ]) {
    const row = await executor.get(
      `SELECT id FROM resource WHERE tenant_id = ? AND type = ? AND ${column} >= ? AND ${column} < ? LIMIT 1`,
      // the character behind the slash ends what begins with one
      [tenantId, type ?? '', `${nameKey}/`, `${nameKey}0`],
    );
    if (row !== undefined) return true;
  }
  return false;
}

function run(executor: Executor, query: Compilable): Promise<number> {
  const { sql: text, parameters } = query.compile();
  return executor.run(text, parameters as readonly SqlValue[]);
}

function first<Row>(executor: Executor, query: Compilable<Row>): Promise<Row | undefined> {
  const { sql: text, parameters } = query.compile();
  return executor.get<Row>(text, parameters as readonly SqlValue[]);
}

function all<Row>(executor: Executor, query: Compilable<Row>): Promise<Row[]> {
  const { sql: text, parameters } = query.compile();
  return executor.all<Row>(text, parameters as readonly SqlValue[]);
}

/** @throws ScimError 409 with `detail` and `attribute` when the row is there already */
async function insertUnique(
  executor: Executor,
  query: Compilable,
  detail: string,
  attribute: string,
): Promise<void> {
  try {
    await run(executor, query);
  } catch (error) {
    throw error instanceof UniqueViolation ? conflict(detail, attribute) : error;
  }
}
