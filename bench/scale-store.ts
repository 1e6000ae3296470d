import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { openEngine, openInstallation, scimUrlOf } from '../src/cli/installation.ts';
import { loadConfig } from '../src/config.ts';
import { ANSWER_FORM_2 } from '../src/core/answer-form.ts';
import { readFilter } from '../src/core/filter-binding.ts';
import { BUILT_IN, USER_TYPE } from '../src/core/registry.ts';
import { toleranceOf } from '../src/core/tolerance.ts';
import { SYSTEM_ACTOR } from '../src/service/actor.ts';
import { loadResources } from '../src/service/load.ts';
import { insertCreations, prepareCreation } from '../src/service/resource-changes.ts';
import type { Tenant } from '../src/storage/directory.ts';
import { createSqlStorage } from '../src/storage/sql/sql-storage.ts';
import type { Storage } from '../src/storage/storage.ts';
import { explain, lineOf, type Statement } from '../test/support/query-plan.ts';
import { watchedEngine } from '../test/support/watched-engine.ts';
import type { Database } from './database.ts';
import type { Relation, Size } from './scale-report.ts';
import { makeUser, makeUsers, userNameOf } from './user-data.ts';

/** A database that is filled step by step and measured in between. */
export type ScaleStore = {
  /** Loads users until there are so many in all, spread over the tenants; no statistics or free space are left to make. */
  fill(users: number): Promise<void>;
  /** @param seconds how long to write */
  measure(seconds: number): Promise<Size>;
  close(): Promise<void>;
};

/** Users beyond those that are loaded, and how many are created at a time. */
const firstWritten = 500_000_000;
const writers = 16;

const relations = `SELECT c.relname AS name, c.relkind = 'i' AS "isIndex", greatest(c.reltuples, 0)::float8 AS rows,
    CASE c.relkind WHEN 'i' THEN pg_relation_size(c.oid) ELSE pg_table_size(c.oid) END::float8 AS bytes
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i') AND pg_relation_size(c.oid) > 0
  ORDER BY bytes DESC`;

export async function openScaleStore(database: Database, count: number): Promise<ScaleStore> {
  const store = await database.createStore();
  const environment = { ...store.environment, ROSTER_SECRET_KEY: randomBytes(32).toString('base64url') };
  const config = loadConfig(environment);
  const installation = await openInstallation(config, Date.now, SYSTEM_ACTOR);
  const { services, storage } = installation;
  const tenants: Tenant[] = [];
  for (let number = 0; number < count; number++)
    tenants.push(await installation.tenants.create(`tenant${number}.example`, `Tenant ${number}`));
  const admin = new Client(store.adminUrl);
  await admin.connect();
  await admin.query('CREATE EXTENSION IF NOT EXISTS pageinspect');
  let loaded = 0;
  let written = 0;

  const context = (tenant: Tenant) => ({
    tenantId: tenant.id,
    subject: 'bench',
    actor: SYSTEM_ACTOR,
    changes: [],
    isOwn: false,
    settings: {
      dialect: 'standard' as const,
      requirePrimaryEmail: false,
      scopes: ['read' as const, 'write' as const],
    },
    tolerance: toleranceOf('standard'),
    precondition: undefined,
    registry: BUILT_IN,
    form: ANSWER_FORM_2,
    baseUrl: scimUrlOf(config),
  });

  async function relationsNow(): Promise<Relation[]> {
    const { rows } = await admin.query<Omit<Relation, 'depth'>>(relations);
    const found: Relation[] = [];
    for (const row of rows) {
      const depth = row.isIndex ? await depthOf(admin, row.name) : undefined;
      found.push({ ...row, depth });
    }
    return found;
  }

  /** The plans of what nearly all requests are, for the tenant that has been there longest. */
  async function plansNow(): Promise<Size['plans']> {
    const [tenant] = tenants as [Tenant];
    const filter = readFilter(USER_TYPE, `userName eq "${userNameOf(0)}"`, toleranceOf('standard'));
    const list =
      (startIndex: number, given = undefined as typeof filter | undefined) =>
      (from: Storage) =>
        from.listResources(tenant.id, {
          parts: [{ type: USER_TYPE, filter: given, sort: undefined, relation: undefined }],
          page: { startIndex, count: 100 },
        });
    const page = await list(1)(storage);
    const id = page.resources[0]?.id ?? '';
    const works: readonly (readonly [string, (from: Storage) => Promise<unknown>])[] = [
      ['GET by id', (from) => from.getResource(tenant.id, 'User', id, undefined)],
      ['userName eq', list(1, filter)],
      ['page in the middle', list(Math.ceil(page.totalResults / 2))],
    ];
    const engine = openEngine(config);
    const plans: { what: string; steps: string[] }[] = [];
    for (const [what, work] of works) {
      const statements: Statement[] = [];
      await work(createSqlStorage(watchedEngine(engine, (sql, params) => statements.push({ sql, params }))));
      const explained = await Promise.all(
        statements.map((statement) => explain(engine, tenant.id, statement, ['r', 'v'])),
      );
      plans.push({ what, steps: explained.flatMap(({ steps }) => steps.map(lineOf)) });
    }
    await engine.close();
    return plans;
  }

  /** Creates users one after another, each in a transaction of its own, as a POST does. */
  async function writeUntil(end: number): Promise<void> {
    while (performance.now() < end) {
      written += 1;
      const own = context(tenants[written % tenants.length] as Tenant);
      const creation = await prepareCreation(services, own, USER_TYPE, makeUser(firstWritten + written));
      await storage.transaction(own.tenantId, (tx) => insertCreations(services, own, tx, [], [creation]));
    }
  }

  return {
    async fill(users) {
      const missing = users - loaded - written;
      const each = Math.ceil(missing / tenants.length);
      const end = loaded + missing;
      for (const tenant of tenants) {
        const some = Math.min(each, end - loaded);
        await loadResources(services, context(tenant), USER_TYPE, makeUsers(loaded, some), () => {});
        loaded += some;
      }
      await store.settle();
    },

    async measure(seconds) {
      const size = { users: loaded + written, relations: await relationsNow(), plans: await plansNow() };
      const walBefore = await walPosition(admin);
      const before = written;
      const started = performance.now();
      const end = started + seconds * 1000;
      await Promise.all(Array.from({ length: writers }, () => writeUntil(end)));
      const writes = written - before;
      return {
        ...size,
        writes: writes / ((performance.now() - started) / 1000),
        walPerWrite: ((await walPosition(admin)) - walBefore) / writes,
      };
    },

    async close() {
      await admin.end();
      await storage.close();
      await store.remove();
    },
  };
}

/** Levels of an index above its leaves. */
async function depthOf(admin: Client, index: string): Promise<number> {
  const { rows } = await admin.query<{ level: number }>('SELECT level::int FROM bt_metap($1)', [index]);
  return rows[0]?.level ?? 0;
}

async function walPosition(admin: Client): Promise<number> {
  const { rows } = await admin.query<{ bytes: number }>(
    "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::float8 AS bytes",
  );
  return rows[0]?.bytes ?? 0;
}
