import type { KeyObject } from 'node:crypto';
import { badRequest } from '../core/error.ts';
import { CURSOR_TIMEOUT_S } from '../core/list.ts';
import type { Position } from '../storage/storage.ts';
import { createSealer } from './sealed.ts';

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
  const sealer = createSealer(key, 'cursor');
  return {
    seal({ position: { segment, key: sortKey, id }, direction, count, totalResults }, binding) {
      const expires = Math.floor(now() / 1000) + CURSOR_TIMEOUT_S;
      const fields: Fields = [expires, segment, sortKey, id, direction, count, totalResults ?? null];
      return sealer.seal(Buffer.from(JSON.stringify(fields)), binding).toString('base64url');
    },

    open(text, binding) {
      const opened = CURSOR.test(text) ? sealer.open(Buffer.from(text, 'base64url'), binding) : undefined;
      if (opened === undefined)
        throw badRequest('invalidCursor', 'The cursor is none that the server gave for this query.');
      const fields = JSON.parse(opened.toString('utf8')) as Fields;
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
