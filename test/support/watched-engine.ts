import type { Access, Engine, Executor, SqlValue } from '../../src/storage/sql/engine.ts';

/** An engine that tells every statement before it is run. */
export function watchedEngine(
  engine: Engine,
  onStatement: (sql: string, params: readonly SqlValue[]) => void,
): Engine {
  const allOf = (executor: Pick<Executor, 'all'>): Pick<Executor, 'all'> => ({
    all(sql, params) {
      onStatement(sql, params);
      return executor.all(sql, params);
    },
  });
  const watched = (executor: Executor): Executor => ({
    ...allOf(executor),
    get(sql, params) {
      onStatement(sql, params);
      return executor.get(sql, params);
    },
    run(sql, params) {
      onStatement(sql, params);
      return executor.run(sql, params);
    },
  });
  const accessOf = (access: Access): Access => ({
    dialect: access.dialect,
    reader: watched(access.reader),
    scanner: allOf(access.scanner),
    transaction: (work) => access.transaction((executor) => work(watched(executor))),
  });
  return {
    ...engine,
    of: (tenantId) => accessOf(engine.of(tenantId)),
    shared: accessOf(engine.shared),
    snapshot: (work) =>
      engine.snapshot(({ of, shared }) =>
        work({ of: (tenantId) => watched(of(tenantId)), shared: watched(shared) }),
      ),
  };
}
