import { parentPort, workerData } from 'node:worker_threads';
import { Unavailable } from '../../core/error.ts';
import type { SqlValue } from './engine.ts';
import { SqliteConnection } from './sqlite-connection.ts';

/** A query for a worker thread, and its answer. */
export interface ScanRequest {
  readonly id: number;
  readonly sql: string;
  readonly params: readonly SqlValue[];
}
export type ScanAnswer =
  | { readonly id: number; readonly rows: unknown[] }
  | { readonly id: number; readonly error: string; readonly unavailable: boolean };

export interface ScanWorkerData {
  readonly path: string;
  readonly cacheKib: number;
}

const { path, cacheKib } = workerData as ScanWorkerData;
const connection = new SqliteConnection(path, 'read', cacheKib);

parentPort?.on('message', ({ id, sql, params }: ScanRequest) => {
  try {
    const rows = connection.all<Record<string, unknown>>(sql, params);
    // bytes are handed over, not copied: the members of a large group are many megabytes
    const buffers = rows.flatMap((row) =>
      Object.values(row).flatMap((value) => (value instanceof Uint8Array ? [ownBuffer(row, value)] : [])),
    );
    parentPort?.postMessage({ id, rows } satisfies ScanAnswer, buffers);
  } catch (error) {
    const isUnavailable = error instanceof Unavailable;
    const message = String(isUnavailable ? error.cause : (error as Error).message);
    parentPort?.postMessage({
      id,
      error: message,
      unavailable: isUnavailable,
    } satisfies ScanAnswer);
  }
});

/** The bytes in a buffer of their own, since one that several values share cannot be handed over. */
function ownBuffer(row: Record<string, unknown>, bytes: Uint8Array): ArrayBuffer {
  const isAlone = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  const own = isAlone ? bytes : new Uint8Array(bytes);
  for (const [key, value] of Object.entries(row)) if (value === bytes) row[key] = own;
  return own.buffer as ArrayBuffer;
}
