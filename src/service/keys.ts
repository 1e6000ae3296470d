import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Directory } from '../storage/directory.ts';
import { digestOf } from './secrets.ts';
import { ServiceError } from './service-error.ts';

/** Where the secret key comes from; the first that is given counts. */
export interface KeySource {
  readonly secretKey: string | undefined;
  readonly secretKeyFile: string | undefined;
  readonly dataDir: string;
}

/** The least length of the key's text in characters. */
const SHORTEST_KEY = 32;

/** The setting that says which key the credentials in a database are made with, without telling the key. */
export const KEY_CHECK = 'secret-key-check';

/** The file that the key is kept in when no setting gives one. */
export const keyFileOf = (dataDir: string): string => join(dataDir, 'secret.key');

/**
 * Reads the server's secret key, with which the digests of all credentials are made. Without a setting it is kept in
 * the data directory, and made there the first time.
 *
 * @throws ServiceError when the key can't be read or is too short
 */
export function readSecretKey(source: KeySource): KeyObject {
  if (source.secretKey !== undefined) return keyOf(source.secretKey, 'ROSTER_SECRET_KEY');
  if (source.secretKeyFile !== undefined) return keyOf(readText(source.secretKeyFile), source.secretKeyFile);
  const file = keyFileOf(source.dataDir);
  return keyOf(readOwn(file) ?? makeOwn(file), file);
}

/** Whether there is a key, so that reading it makes none. */
export const hasSecretKey = ({ secretKey, secretKeyFile, dataDir }: KeySource): boolean =>
  secretKey !== undefined || secretKeyFile !== undefined || existsSync(keyFileOf(dataDir));

function keyOf(text: string, origin: string): KeyObject {
  const key = text.trim();
  if (key.length < SHORTEST_KEY) {
    throw new ServiceError(
      'failed',
      `The secret key in ${origin} has ${key.length} characters: it needs at least ${SHORTEST_KEY}, at random.`,
    );
  }
  return createSecretKey(createHash('sha256').update(key).digest());
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ServiceError('failed', `The secret key can't be read from ${file}: ${reasonOf(error)}.`);
  }
}

const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

function readOwn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (reasonOf(error) === 'ENOENT') return undefined;
    throw new ServiceError('failed', `The secret key can't be read from ${file}: ${reasonOf(error)}.`);
  }
}

/** Never leaves half a key behind, and never replaces one that another process has just made. */
function makeOwn(file: string): string {
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    linkSync(draft, file);
  } catch (error) {
    if (reasonOf(error) !== 'EEXIST') {
      throw new ServiceError('failed', `The secret key can't be kept in ${file}: ${reasonOf(error)}.`);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return readText(file);
}

/** @returns whether the credentials in the database were made with this key; true when there are none yet */
export async function isKeyOfDirectory(directory: Directory, key: KeyObject): Promise<boolean> {
  return isKeyOf(await directory.getSetting(KEY_CHECK), key);
}

/** @param check what the setting says; undefined: there are no credentials yet */
export const isKeyOf = (check: string | undefined, key: KeyObject): boolean =>
  check === undefined || check === checkOf(key);

/** Notes which key the credentials in the database are made with. */
export const bindKey = (directory: Directory, key: KeyObject): Promise<void> =>
  directory.putSetting(KEY_CHECK, checkOf(key));

const checkOf = (key: KeyObject): string => digestOf(key, KEY_CHECK).toString('base64url');

/**
 * Stops a start with another key than before, with which no credential would work.
 *
 * @throws ServiceError
 */
export async function requireKey(directory: Directory, key: KeyObject): Promise<void> {
  if (!(await isKeyOfDirectory(directory, key))) {
    throw new ServiceError(
      'failed',
      'The secret key is not the one that the credentials in the database were made with. Give that key back ' +
        '(ROSTER_SECRET_KEY, ROSTER_SECRET_KEY_FILE or secret.key in the data directory); if it is lost, ' +
        '"roster doctor --accept-key" takes the present one, and every credential has to be made anew.',
    );
  }
  if ((await directory.getSetting(KEY_CHECK)) === undefined) await bindKey(directory, key);
}
