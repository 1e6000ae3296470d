import { accessSync, chownSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** PostgreSQL refuses to run as root: `nobody` does it then. */
const UNPRIVILEGED = 65_534;

const DEBIAN = '/usr/lib/postgresql';

/** The folder that has the programs of the server. */
export function findPrograms(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  try {
    const versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
    folders.push(...versions.map((version) => join(DEBIAN, version, 'bin')));
  } catch {
    // not a Debian
  }
  return folders.find((folder) => isProgram(join(folder, 'initdb')) && isProgram(join(folder, 'postgres')));
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** As which user the programs run. */
export const serverUser = (): { uid?: number; gid?: number } =>
  isRoot() ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};

/** Gives a folder to the user that the programs run as. */
export function giveToServer(folder: string): void {
  if (isRoot()) chownSync(folder, UNPRIVILEGED, UNPRIVILEGED);
}

const dataIn = (folder: string): string => join(folder, 'data');

/** Arguments of `initdb` for a server that keeps all it has in a folder. */
export const initdbArguments = (folder: string, superuser: string): string[] => [
  ...['-D', dataIn(folder), '-U', superuser, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'],
];

/** Arguments of `postgres` for such a server, which is found by its socket in the folder only. */
export const postgresArguments = (folder: string, settings: readonly string[]): string[] => [
  ...['-D', dataIn(folder)],
  ...[...settings, 'listen_addresses=', `unix_socket_directories=${folder}`].flatMap((each) => ['-c', each]),
];

/** Where such a server has a database. */
export const databaseUrlIn = (folder: string, user: string, database: string): string =>
  `postgres://${user}@localhost/${database}?host=${encodeURIComponent(folder)}`;
