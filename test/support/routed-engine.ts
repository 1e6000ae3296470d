import type { Engine, Executor, SqlValue } from '../../src/storage/sql/engine.ts';

/** Texts that are known to be carried out by one server. */
const checked = new Set<string>();

/**
 * An engine on Citus that refuses statements which more than one server would carry out: their time grows with the number
 * of shards, and they see no single state of the database.
 *
 * @param explainer the same database over other connections, since Citus is in another state after an EXPLAIN
 * @param onComplaint told about each, since what runs in the background may pass over the error
 */
export function routedEngine(
  engine: Engine,
  explainer: Engine,
  onComplaint: (complaint: string) => void,
): Engine {
  const check = async (sql: string, params: readonly SqlValue[]): Promise<void> => {
    if (checked.has(sql) || !/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(sql)) return;
    const rows = await explainer.shared.reader.all<Record<string, string>>(
      `EXPLAIN (COSTS OFF) ${sql}`,
      params,
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    const tasks = [...plan.matchAll(/Task Count: (\d+)/g)].map(([, count]) => Number(count));
    if (tasks.some((count) => count !== 1) || plan.includes('Distributed Subplan')) {
      onComplaint(`More than one server: ${sql}\n${plan}`);
      throw new Error(`More than one server: ${sql}`);
    }
    checked.add(sql);
  };
  const allOf = (executor: Pick<Executor, 'all'>): Pick<Executor, 'all'> => ({
    async all(sql, params) {
      await check(sql, params);
      return executor.all(sql, params);
    },
  });
  const routed = (executor: Executor): Executor => ({
    ...allOf(executor),
    async get(sql, params) {
      await check(sql, params);
      return executor.get(sql, params);
    },
    async run(sql, params) {
      await check(sql, params);
      return executor.run(sql, params);
    },
  });
  return {
    ...engine,
    of(tenantId) {
      const access = engine.of(tenantId);
      return {
        dialect: access.dialect,
        reader: routed(access.reader),
        scanner: allOf(access.scanner),
        transaction: (work) => access.transaction((executor) => work(routed(executor))),
      };
    },
  };
}
