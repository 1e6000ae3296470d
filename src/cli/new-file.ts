import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { ServiceError } from '../service/service-error.ts';

/**
 * Makes a file that only its owner may read. It gets its name when it is complete, so that a file of that name is never
 * half of one.
 *
 * @param work fills the file that it is given the path of
 * @throws ServiceError when there is a file of that name, or none can be made there
 */
export async function makeNewFile<T>(file: string, work: (draft: string) => Promise<T>): Promise<T> {
  if (existsSync(file))
    throw new ServiceError('conflict', `${file} is there already: give another name, or remove it.`);
  const draft = `${file}.part`;
  try {
    rmSync(draft, { force: true });
    closeSync(openSync(draft, 'wx', 0o600));
  } catch (error) {
    throw new ServiceError('failed', `${file} can't be written: ${(error as NodeJS.ErrnoException).code}.`);
  }
  try {
    const result = await work(draft);
    await flushToDisk(draft);
    renameSync(draft, file);
    return result;
  } finally {
    rmSync(draft, { force: true });
  }
}

export async function flushToDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
