import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** PostgreSQL refuses to run as root: `nobody` does it then. */
export const UNPRIVILEGED = 65_534;

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
