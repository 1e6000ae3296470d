import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { badRequest } from '../core/error.ts';
import { CURSOR_TIMEOUT_S } from '../core/list.ts';
import type { Position } from '../storage/storage.ts';

/** A place in a list that an answer named for the next request. */
export interface Cursor {
  readonly position: Position;
  readonly direction: 'after' | 'before';
  /** Of the page that named it: the number must stay the same (RFC 9865 section 2.1). */
  readonly count: number;
  /** The number of resources in the list, when it took work to find out. */
  readonly totalResults: number | undefined;
}

/**
 * Cursors hold all that the server needs to go on, so it keeps nothing for them. They are encrypted, since a place in a sorted
 * list is a piece of somebody's data, and authenticated together with what they are bound to.
 */
export interface Cursors {
  /** @param binding what the cursor is good for: tenant, credential, query; all must be the same when it comes back */
  seal(cursor: Cursor, binding: readonly unknown[]): string;
  /** @throws ScimError 400 invalidCursor or expiredCursor */
  open(text: string, binding: readonly unknown[]): Cursor;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const CURSOR = /^[A-Za-z0-9_-]{40,4096}$/;

/**
 * @param key the server's secret key, so that every node of a server reads the cursors of the others
 * @param now milliseconds since 1970
 */
export function createCursors({
  key,
  now,
}: {
  readonly key: KeyObject;
  readonly now: () => number;
}): Cursors {
  const secret = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'cursor', 32));
  return {
    seal({ position: { segment, key: sortKey, id }, direction, count, totalResults }, binding) {
      const expires = Math.floor(now() / 1000) + CURSOR_TIMEOUT_S;
      const fields: Fields = [expires, segment, sortKey, id, direction, count, totalResults ?? null];
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(bytesOf(binding));
      const sealed = [iv, cipher.update(bytesOf(fields)), cipher.final(), cipher.getAuthTag()];
      return Buffer.concat(sealed).toString('base64url');
    },

    open(text, binding) {
      const fields = CURSOR.test(text) ? unseal(secret, Buffer.from(text, 'base64url'), binding) : undefined;
      if (fields === undefined)
        throw badRequest('invalidCursor', 'The cursor is none that the server gave for this query.');
      const [expires, segment, sortKey, id, direction, count, totalResults] = fields;
      if (now() / 1000 > expires)
        throw badRequest(
          'expiredCursor',
          `The cursor is older than ${CURSOR_TIMEOUT_S} seconds. Start again.`,
        );
      return {
        position: { segment, key: sortKey, id },
        direction,
        count,
        totalResults: totalResults ?? undefined,
      };
    },
  };
}

type Fields = [
  expires: number,
  segment: number,
  sortKey: string,
  id: string,
  direction: Cursor['direction'],
  count: number,
  totalResults: number | null,
];

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** @returns undefined for what was not sealed with the key and the binding */
function unseal(secret: Buffer, sealed: Buffer, binding: readonly unknown[]): Fields | undefined {
  const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(bytesOf(binding)).setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const opened = [decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()];
    return JSON.parse(Buffer.concat(opened).toString('utf8')) as Fields;
  } catch {
    return undefined;
  }
}
