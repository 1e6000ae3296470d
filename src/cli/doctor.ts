import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config.ts';
import { Unavailable } from '../core/error.ts';
import { daysLeft, ownCertificateFiles, readCertificate } from '../service/certificates.ts';
import { bindKey, isKeyOfDirectory, keyFileOf, readSecretKey } from '../service/keys.ts';
import type { Engine } from '../storage/sql/engine.ts';
import { pendingSteps } from '../storage/sql/migrate.ts';
import { findGap } from '../storage/sql/row-security.ts';
import { createSqlStorage } from '../storage/sql/sql-storage.ts';
import { findFaults } from '../storage/sql/sqlite-backup.ts';
import { type CommonOptions, withCommonOptions } from './command.ts';
import { databaseFileOf, openEngine } from './installation.ts';
import { EXIT_CODES, type Outcome, writeOutcome } from './output.ts';

interface DoctorOptions extends CommonOptions {
  readonly acceptKey?: boolean;
}

type Status = 'ok' | 'warning' | 'failed';

interface Check {
  readonly name: string;
  readonly status: Status;
  readonly detail: string;
}

const MIB = 1024 * 1024;
const SCARCE_SPACE = 1024 * MIB;
const NO_SPACE = 100 * MIB;

const OLDEST_POSTGRES = 15;

const ROW_SECURITY = 'row-level security';

/** Authorities and their clients begin to renew about then. */
const SCARCE_DAYS = 14;

/** `roster doctor` */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('check the machine, the settings and the data; changes nothing')
    .option(
      '--accept-key',
      'from now on use the present secret key; credentials made with an earlier one stay dead',
    );
  withCommonOptions(command).action(async (options: DoctorOptions) => {
    const config = loadConfig(process.env, { ROSTER_DATA_DIR: options.dataDir });
    const outcome = outcomeOf(await checksOf(config, options.acceptKey === true));
    writeOutcome(outcome, options.json === true);
    process.exitCode = outcome.exitCode ?? EXIT_CODES.done;
  });
}

async function checksOf(config: Config, acceptKey: boolean): Promise<Check[]> {
  const { dataDir } = config;
  const ofServer = [check('node', 'ok', `Node ${process.versions.node}`), ...checkCertificate(config)];
  if (config.databaseUrl !== undefined) return [...ofServer, ...(await checkDatabase(config, acceptKey))];
  if (!existsSync(dataDir)) {
    return [
      ...ofServer,
      check('data directory', 'ok', `${dataDir} is not there yet: the first start makes it`),
    ];
  }
  const ofDirectory = [...ofServer, checkDirectory(dataDir), checkSpace(dataDir)];
  if (!existsSync(databaseFileOf(dataDir))) {
    return [...ofDirectory, check('database', 'ok', 'not there yet: the first start makes it')];
  }
  return [...ofDirectory, ...(await checkDatabase(config, acceptKey))];
}

const check = (name: string, status: Status, detail: string): Check => ({ name, status, detail });

function checkDirectory(dataDir: string): Check {
  const name = 'data directory';
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return check(name, 'failed', `this user may not read and write ${dataDir}`);
  }
  if (isOpenToOthers(dataDir)) {
    return check(name, 'warning', `others may look into ${dataDir}: chmod 700 ${dataDir}`);
  }
  return check(name, 'ok', dataDir);
}

/** Windows has no such bits: whatever it reports there is not about others. */
const isOpenToOthers = (path: string, bits = 0o077): boolean =>
  process.platform !== 'win32' && (statSync(path).mode & bits) !== 0;

function checkSpace(dataDir: string): Check {
  const { bavail, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  const detail = `${Math.floor(free / MIB)} MiB free`;
  return check('disk space', free < NO_SPACE ? 'failed' : free < SCARCE_SPACE ? 'warning' : 'ok', detail);
}

function checkCertificate({ tls, dataDir }: Config): Check[] {
  if (tls === undefined) return [];
  const name = 'certificate';
  const isOwn = tls === 'self-signed';
  const files = isOwn ? ownCertificateFiles(dataDir) : tls;
  if (isOwn && !existsSync(files.certFile)) {
    return [check(name, 'ok', 'self-signed, not there yet: the next start makes it')];
  }
  try {
    const { x509 } = readCertificate(files);
    const days = Math.floor(daysLeft(x509, Date.now));
    const detail =
      days < 0
        ? `${files.certFile} has expired: ${x509.validTo}`
        : `${files.certFile}, until ${x509.validTo}`;
    // tools that fetch certificates let a group read the keys
    if (isOpenToOthers(files.keyFile, isOwn ? 0o077 : 0o007)) {
      return [check(name, 'warning', `others may read ${files.keyFile}: chmod 600 ${files.keyFile}`)];
    }
    const late = days < 0 ? 'failed' : days < SCARCE_DAYS ? 'warning' : 'ok';
    return [check(name, late, isOwn && late !== 'ok' ? `${detail}: the next start renews it` : detail)];
  } catch (error) {
    return [check(name, 'failed', (error as Error).message)];
  }
}

async function checkDatabase(config: Config, acceptKey: boolean): Promise<Check[]> {
  let engine: Engine;
  try {
    engine = openEngine(config);
  } catch (error) {
    return [check('database', 'failed', `can't be opened: ${(error as Error).message}`)];
  }
  try {
    if (config.databaseUrl !== undefined) return await checkPostgres(config, engine, acceptKey);
    return [
      await attempt('migrations', () => checkMigrations(engine)),
      await attempt('secret key', () => checkKey(config, engine, acceptKey)),
      await attempt('database', () => checkIntegrity(engine)),
    ];
  } finally {
    await engine.close();
  }
}

/** A check that can't be carried out has failed. */
async function attempt(name: string, work: () => Promise<Check>): Promise<Check> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Unavailable ? String(error.cause) : (error as Error).message;
    return check(name, 'failed', reason);
  }
}

async function checkPostgres(config: Config, engine: Engine, acceptKey: boolean): Promise<Check[]> {
  const server = await attempt('database', () => checkVersion(engine));
  if (server.status === 'failed') return [server];
  if (!(await isFilled(engine)))
    return [check('database', 'ok', 'there are no tables yet: the first start makes them')];
  return [
    await attempt('migrations', () => checkMigrations(engine)),
    await attempt('secret key', () => checkKey(config, engine, acceptKey)),
    await attempt(ROW_SECURITY, () => checkRowSecurity(engine)),
    server,
  ];
}

async function checkVersion(engine: Engine): Promise<Check> {
  const row = await engine.shared.reader.get<{ server_version: string }>('SHOW server_version', []);
  const name = `PostgreSQL ${row?.server_version}`;
  return Number.parseInt(row?.server_version ?? '', 10) >= OLDEST_POSTGRES
    ? check('database', 'ok', name)
    : check('database', 'warning', `${name}: it is made for ${OLDEST_POSTGRES} or later`);
}

/** Whether a start has been there before. */
async function isFilled(engine: Engine): Promise<boolean> {
  const row = await engine.shared.reader.get<{ name: string | null }>(
    "SELECT CAST(to_regclass('migration_step') AS text) AS name",
    [],
  );
  return row?.name !== null;
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

function outcomeOf(checks: readonly Check[]): Outcome {
  const ok = checks.every(({ status }) => status !== 'failed');
  return {
    json: { ok, checks },
    text: checks.map(({ name, status, detail }) => `${status.padEnd(7)}  ${name}: ${detail}`).join('\n'),
    exitCode: ok ? EXIT_CODES.done : EXIT_CODES.failed,
  };
}
