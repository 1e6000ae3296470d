import type { KeyObject } from 'node:crypto';
import type { Storage } from '../storage/storage.ts';
import type { Clock } from './clock.ts';
import type { Services } from './context.ts';
import { createCursors } from './cursors.ts';
import { newResourceId } from './ids.ts';
import { createPasswords } from './passwords.ts';

/**
 * What the services work with on a storage.
 *
 * @param key the server's secret key
 */
export const createServices = ({
  storage,
  key,
  now,
}: {
  readonly storage: Storage;
  readonly key: KeyObject;
  readonly now: Clock;
}): Services => ({
  storage,
  now,
  newId: newResourceId,
  cursors: createCursors({ key, now }),
  passwords: createPasswords(),
});
