import type { KeyObject } from 'node:crypto';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { Unavailable } from '../core/error.ts';
import { type Administration, createAdministration } from '../service/administration.ts';
import type { Clock } from '../service/clock.ts';
import type { Services } from '../service/context.ts';
import { readSecretKey, requireKey } from '../service/keys.ts';
import { createRequestLog, type RequestLog } from '../service/request-log.ts';
import { ServiceError } from '../service/service-error.ts';
import { createServices } from '../service/services.ts';
import type { Actor } from '../storage/audit.ts';
import type { Tenant } from '../storage/directory.ts';
import type { RecordStore } from '../storage/records.ts';
import type { Engine } from '../storage/sql/engine.ts';
import { migrate } from '../storage/sql/migrate.ts';
import { openPostgres } from '../storage/sql/postgres.ts';
import { findEncodingFault } from '../storage/sql/postgres-fitness.ts';
import { createRecordStore } from '../storage/sql/record-store.ts';
import { openRequestLogFile, openRequestLogTables } from '../storage/sql/request-log-store.ts';
import { createSqlStorage } from '../storage/sql/sql-storage.ts';
import { openSqlite } from '../storage/sql/sqlite.ts';
import type { Storage } from '../storage/storage.ts';

/** A database that is open. */
interface Database {
  readonly engine: Engine;
  readonly storage: Storage;
  readonly records: RecordStore;
  /** Steps of migrations that opening it has done. */
  readonly migrated: readonly string[];
}

/** A data directory or database that is open, with the services that work on it. */
export interface Installation extends Database, Administration {
  readonly config: Config;
  readonly now: Clock;
  readonly key: KeyObject;
  readonly services: Services;
  readonly superTenant: Tenant;
  readonly requestLog: RequestLog;
  /** Who what is done is put down to. */
  readonly actor: Actor;
  /** The services on behalf of somebody else. */
  readonly administer: (actor: Actor) => Administration;
}

/** Apart from the database, so that neither has to wait for the other. */
const requestLogFileOf = (dataDir: string): string => join(dataDir, 'requests.db');

export const databaseFileOf = (dataDir: string): string => join(dataDir, 'roster.db');

/** The database that the settings name. */
export const openEngine = ({ databaseUrl, dataDir }: Config): Engine =>
  databaseUrl === undefined ? openSqlite(databaseFileOf(dataDir)) : openPostgres(databaseUrl);

/** A database as people may read of it: without the password. */
export function databaseNameOf(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `${decodeURIComponent(pathname.slice(1))} on ${host}`;
}

/**
 * Opens the data directory or the database, makes what is missing, brings the tables up to date, and makes the super tenant.
 *
 * @param actor who what is done is put down to
 * @throws ServiceError when one of them can't be used, or the secret key is missing or another one than before
 */
export async function openInstallation(config: Config, now: Clock, actor: Actor): Promise<Installation> {
  makeDataDir(config);
  const key = readSecretKey(config);
  const { engine, storage, records, migrated } = await openDatabase(config, now);
  try {
    await requireKey(storage.directory, key);
    const services = createServices({ storage, key, now });
    const requestLog = requestLogOf(config, engine, services);
    const scimUrl = scimUrlOf(config);
    const administer = (by: Actor): Administration =>
      createAdministration({ services, key, scimUrl, requestLog, actor: by });
    const administration = administer(actor);
    return {
      config,
      now,
      key,
      engine,
      storage,
      records,
      services,
      superTenant: await administration.tenants.ensureSuper(),
      migrated,
      actor,
      ...administration,
      administer,
      requestLog,
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** Nothing of it is opened before it is needed. */
function requestLogOf(
  { databaseUrl, dataDir, requestLogDays: days, requestLogBodies: keepsBodies }: Config,
  engine: Engine,
  services: Services,
): RequestLog {
  const store =
    databaseUrl === undefined
      ? openRequestLogFile(requestLogFileOf(dataDir))
      : openRequestLogTables(engine, databaseUrl);
  return createRequestLog({ ...services, store, days, keepsBodies });
}

/** Opens the database, makes that of a data directory when it is absent, and brings the tables up to date. */
export async function openDatabase(config: Config, now: Clock): Promise<Database> {
  makeDataDir(config);
  const engine = openEngine(config);
  try {
    if (config.databaseUrl !== undefined) await requireUtf8(engine, config.databaseUrl);
    const migrated = await migrate(engine, now);
    return { engine, storage: createSqlStorage(engine), records: createRecordStore(engine), migrated };
  } catch (error) {
    await engine.close();
    if (config.databaseUrl === undefined || !(error instanceof Unavailable)) throw error;
    const name = databaseNameOf(config.databaseUrl);
    throw new ServiceError('failed', `The database ${name} can't be used: ${error.cause}.`);
  }
}

async function requireUtf8(engine: Engine, databaseUrl: string): Promise<void> {
  const fault = await findEncodingFault(engine.shared);
  if (fault !== undefined)
    throw new ServiceError('failed', `The database ${databaseNameOf(databaseUrl)} can't be used: ${fault}.`);
}

/** The root of SCIM 2.0 as clients address it. */
export const scimUrlOf = ({ baseUrl }: Config): string => `${baseUrl}/scim/v2`;

/** The root of SCIM 1.1 as clients address it. */
export const scim1UrlOf = ({ baseUrl }: Config): string => `${baseUrl}/wso2/scim`;

/** Only the owner may look into the directory and the database: it holds personal data. */
export function makeDataDir({ dataDir, databaseUrl, tls }: Config): void {
  const isOnSqlite = databaseUrl === undefined;
  if (!isOnSqlite && tls !== 'self-signed') return;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (isOnSqlite) closeSync(openSync(databaseFileOf(dataDir), 'a', 0o600));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ServiceError(
      'failed',
      `The data directory ${dataDir} can't be used: ${reason}. Give another one with ROSTER_DATA_DIR, or the right to write there.`,
    );
  }
}
