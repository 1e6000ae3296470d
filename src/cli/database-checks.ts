import { existsSync } from 'node:fs';
import type { Config } from '../config.ts';
import { bindKey, isKeyOfDirectory, keyFileOf, readSecretKey } from '../service/keys.ts';
import type { Engine } from '../storage/sql/engine.ts';
import { readContents } from '../storage/sql/integrity.ts';
import { pendingSteps } from '../storage/sql/migrate.ts';
import { type Fitness, readFitness } from '../storage/sql/postgres-fitness.ts';
import { findGap } from '../storage/sql/row-security.ts';
import { createSqlStorage } from '../storage/sql/sql-storage.ts';
import { findFaults } from '../storage/sql/sqlite-backup.ts';
import { attempt, type Check, check, isOpenToOthers } from './check.ts';
import { count } from './export.ts';
import { openEngine } from './installation.ts';

const OLDEST_POSTGRES = 15;

const ROW_SECURITY = 'row-level security';

/** Checks the database that the settings name; a SQLite file has to be there. */
export async function checkDatabase(config: Config, acceptKey: boolean): Promise<Check[]> {
  let engine: Engine;
  try {
    engine = openEngine(config);
  } catch (error) {
    return [check('database', 'failed', `can't be opened: ${(error as Error).message}`)];
  }
  try {
    if (config.databaseUrl !== undefined) return await checkPostgres(config, engine, acceptKey);
    return await checkSqlite(config, engine, acceptKey);
  } finally {
    await engine.close();
  }
}

async function checkSqlite(config: Config, engine: Engine, acceptKey: boolean): Promise<Check[]> {
  const migrations = await attempt('migrations', () => checkMigrations(engine));
  return [
    migrations,
    await attempt('secret key', () => checkKey(config, engine, acceptKey)),
    await attempt('database', () => checkIntegrity(engine)),
    ...(await checkContents(engine, migrations)),
  ];
}

async function checkPostgres(config: Config, engine: Engine, acceptKey: boolean): Promise<Check[]> {
  let fitness: Fitness;
  try {
    fitness = await readFitness(engine.shared);
  } catch (error) {
    return [await attempt('database', () => Promise.reject(error))];
  }
  const { isFilled, faults, missingRights } = fitness;
  const server = [
    faults.length > 0 ? check('database', 'failed', faults.join('; ')) : checkVersion(fitness),
    missingRights.length > 0
      ? check('database user', 'failed', missingRights.join('; '))
      : check('database user', 'ok', 'it may do what Roster does'),
  ];
  if (faults.length + missingRights.length > 0) return server;
  if (!isFilled) return [...server, check('migrations', 'ok', 'no tables yet: the first start makes them')];
  const migrations = await attempt('migrations', () => checkMigrations(engine));
  return [
    ...server,
    migrations,
    await attempt('secret key', () => checkKey(config, engine, acceptKey)),
    await attempt(ROW_SECURITY, () => checkRowSecurity(engine)),
    ...(await checkContents(engine, migrations)),
  ];
}

function checkVersion({ version }: Fitness): Check {
  const name = `PostgreSQL ${version}`;
  return Number.parseInt(version, 10) >= OLDEST_POSTGRES
    ? check('database', 'ok', name)
    : check('database', 'warning', `${name}: it is made for ${OLDEST_POSTGRES} or later`);
}

/** Rules for rows are those of tables that are up to date. */
async function checkContents(engine: Engine, migrations: Check): Promise<Check[]> {
  if (migrations.status !== 'ok') return [];
  return [
    await attempt('contents', async () => {
      const { tenants, resources, members, problems } = await readContents(engine);
      const held = `${count(tenants, 'tenant')}, ${count(resources, 'resource')}, ${count(members, 'membership')}`;
      return problems.length === 0
        ? check('contents', 'ok', `${held}: everything fits together`)
        : check('contents', 'failed', problems.slice(0, 5).join('; '));
    }),
  ];
}

async function checkMigrations(engine: Engine): Promise<Check> {
  const { length } = await pendingSteps(engine);
  return length === 0
    ? check('migrations', 'ok', 'the tables are up to date')
    : check(
        'migrations',
        'warning',
        `${length} steps are left: the next start does them, or "roster migrate"`,
      );
}

async function checkRowSecurity(engine: Engine): Promise<Check> {
  const gap = await findGap(engine.shared);
  return gap === undefined
    ? check(ROW_SECURITY, 'ok', 'a transaction reaches the rows of one tenant')
    : check(ROW_SECURITY, 'warning', `${gap}: Roster keeps tenants apart by itself, without a second fence`);
}

async function checkKey(config: Config, engine: Engine, acceptKey: boolean): Promise<Check> {
  const name = 'secret key';
  const file = keyFileOf(config.dataDir);
  const isOwn = config.secretKey === undefined && config.secretKeyFile === undefined;
  if (isOwn && !existsSync(file))
    return check(name, 'failed', `${file} is missing: put it back from a backup`);
  const key = readSecretKey(config);
  const { directory } = createSqlStorage(engine);
  if (acceptKey) await bindKey(directory, key);
  if (!(await isKeyOfDirectory(directory, key))) {
    return check(name, 'failed', 'it is not the one that the credentials in the database were made with');
  }
  if (isOwn && isOpenToOthers(file))
    return check(name, 'warning', `others may read ${file}: chmod 600 ${file}`);
  return check(name, 'ok', acceptKey ? 'it is the one in use from now on' : 'it fits the database');
}

async function checkIntegrity(engine: Engine): Promise<Check> {
  const faults = await findFaults(engine.shared);
  return faults.length === 0
    ? check('database', 'ok', 'SQLite finds it intact')
    : check('database', 'failed', `SQLite finds it damaged: ${faults.slice(0, 3).join('; ')}`);
}
