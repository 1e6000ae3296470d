import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config.ts';
import { daysLeft, ownCertificateFiles, readCertificate, SCARCE_DAYS } from '../service/certificates.ts';
import { spaceCheck } from '../service/server-checks.ts';
import { type Check, check, isOpenToOthers } from './check.ts';
import { type CommonOptions, withCommonOptions } from './command.ts';
import { checkDatabase } from './database-checks.ts';
import { databaseFileOf } from './installation.ts';
import { EXIT_CODES, type Outcome, writeOutcome } from './output.ts';

interface DoctorOptions extends CommonOptions {
  readonly acceptKey?: boolean;
}

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

function checkSpace(dataDir: string): Check {
  const { bavail, bsize } = statfsSync(dataDir);
  const { state, detail } = spaceCheck(bavail * bsize);
  return check('disk space', state, detail);
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

function outcomeOf(checks: readonly Check[]): Outcome {
  const ok = checks.every(({ status }) => status !== 'failed');
  return {
    json: { ok, checks },
    text: checks.map(({ name, status, detail }) => `${status.padEnd(7)}  ${name}: ${detail}`).join('\n'),
    exitCode: ok ? EXIT_CODES.done : EXIT_CODES.failed,
  };
}
