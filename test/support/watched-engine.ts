import type { Access, Engine, Executor, SqlValue } from '../../src/storage/sql/engine.ts';

/**
 * An engine that tells every statement before it is run.
 *
 * @param onStatement gets for which tenant it is, too: undefined for what is about none
 */
export function watchedEngine(
  engine: Engine,
  onStatement: (sql: string, params: readonly SqlValue[], tenantId: string | undefined) => void,
): Engine {
  const scannerOf = (scanner: Access['scanner'], tenantId: string | undefined): Access['scanner'] => ({
    all(sql, params) {
      onStatement(sql, params, tenantId);
      return scanner.all(sql, params);
    },
  });
  const watched = (executor: Executor, tenantId: string | undefined): Executor => ({
    ...scannerOf(executor, tenantId),
    get(sql, params) {
      onStatement(sql, params, tenantId);
      return executor.get(sql, params);
    },
    run(sql, params) {
      onStatement(sql, params, tenantId);
      return executor.run(sql, params);
    },
  });
  const accessOf = (access: Access, tenantId: string | undefined): Access => ({
    dialect: access.dialect,
    reader: watched(access.reader, tenantId),
    scanner: scannerOf(access.scanner, tenantId),
    transaction: (work) => access.transaction((executor) => work(watched(executor, tenantId))),
  });
  return {
    ...engine,
    of: (tenantId) => accessOf(engine.of(tenantId), tenantId),
    shared: accessOf(engine.shared, undefined),
    snapshot: (work) =>
      engine.snapshot(({ of, shared }) =>
        work({ of: (tenantId) => watched(of(tenantId), tenantId), shared: watched(shared, undefined) }),
      ),
  };
}
