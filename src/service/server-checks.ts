import { statfs } from 'node:fs/promises';
import type { Storage } from '../storage/storage.ts';
import { daysLeft, ownCertificateFiles, readCertificate, SCARCE_DAYS } from './certificates.ts';
import type { Clock } from './clock.ts';

/** What has been found out about one part of the server. */
export interface ServerCheck {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'unknown';
  readonly detail: string;
}

const MIB = 1024 * 1024;
const SCARCE_SPACE = 1024 * MIB;
const NO_SPACE = 100 * MIB;

/** Says how much room a file system has. @param free bytes */
export function spaceCheck(free: number): {
  readonly state: 'ok' | 'warning' | 'failed';
  readonly detail: string;
} {
  const state = free < NO_SPACE ? 'failed' : free < SCARCE_SPACE ? 'warning' : 'ok';
  return { state, detail: `${Math.floor(free / MIB)} MiB free` };
}

export interface CheckedServer {
  readonly dataDir: string;
  /** undefined: SQLite in the data directory. */
  readonly databaseUrl: string | undefined;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | 'self-signed' | undefined;
}

/** Looks at what a running server needs; none of it takes long. */
export function checkServer(
  { dataDir, databaseUrl, tls }: CheckedServer,
  {
    storage,
    now,
    droppedRequests,
  }: {
    readonly storage: Pick<Storage, 'directory'>;
    readonly now: Clock;
    /** How many requests the log has lost since the start; undefined: there is no log. */
    readonly droppedRequests: number | undefined;
  },
): Promise<ServerCheck[]> {
  const checks = [checkDatabase(storage, databaseUrl === undefined ? 'SQLite' : 'PostgreSQL')];
  if (databaseUrl === undefined) checks.push(checkSpace(dataDir));
  if (tls !== undefined)
    checks.push(checkCertificate(tls === 'self-signed' ? ownCertificateFiles(dataDir) : tls, now));
  checks.push(
    Promise.resolve(checkRequestLog(droppedRequests)),
    Promise.resolve({
      ...{ name: 'Backups', state: 'unknown' },
      detail: 'They are made with "roster backup" or by the database server.',
    }),
  );
  return Promise.all(checks);
}

const check = (name: string, state: ServerCheck['state'], detail: string): ServerCheck => ({
  name,
  state,
  detail,
});

async function checkDatabase({ directory }: Pick<Storage, 'directory'>, kind: string): Promise<ServerCheck> {
  const begin = performance.now();
  try {
    await directory.superTenant();
  } catch {
    return check('Database', 'failed', `${kind} does not answer.`);
  }
  const ms = Math.ceil(performance.now() - begin);
  return check('Database', 'ok', `${kind} answers in ${ms} ms`);
}

async function checkSpace(dataDir: string): Promise<ServerCheck> {
  try {
    const { bavail, bsize } = await statfs(dataDir);
    return { name: 'Disk space', ...spaceCheck(bavail * bsize) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return check('Disk space', 'warning', `The data directory can't be looked at: ${code}`);
  }
}

async function checkCertificate(
  files: { certFile: string; keyFile: string },
  now: Clock,
): Promise<ServerCheck> {
  const name = 'Certificate';
  try {
    const { x509 } = readCertificate(files);
    const days = Math.floor(daysLeft(x509, now));
    if (days < 0) return check(name, 'failed', `Expired: ${x509.validTo}. Clients refuse it.`);
    return check(name, days < SCARCE_DAYS ? 'warning' : 'ok', `Valid for ${days} more days`);
  } catch {
    return check(name, 'failed', 'Its files can be read no more: the next start would fail.');
  }
}

function checkRequestLog(dropped: number | undefined): ServerCheck {
  const name = 'Request log';
  if (dropped === undefined) return check(name, 'ok', 'No requests are kept.');
  if (dropped === 0) return check(name, 'ok', 'Every request since the start was kept.');
  return check(name, 'warning', `${dropped} requests since the start came too fast to be kept.`);
}
