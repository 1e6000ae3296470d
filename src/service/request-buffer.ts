import type { CapturedRequest, RequestLogStore } from '../storage/request-log.ts';

/** Requests that were not kept, by why: too many at once, the log could not be written, too many without right credentials. */
export type DroppedRequests = Readonly<Record<DropReason, number>>;

type DropReason = 'full' | 'failed' | 'strangers';

/** What is handed over at a time: more would hold up the event loop, less would cost more for each. */
const BATCH = { requests: 128, characters: 256 * 1024 } as const;

/** How long a request waits for others to be handed over with. */
const FLUSH_MS = 250;

/** What may wait to be written: beyond that requests come faster than they can be. */
const LIMIT = { requests: 20_000, characters: 32 * 1024 * 1024 } as const;

/** How often a failure is told. */
const TOLD_MS = 60_000;

/** Characters of a request besides its texts. */
const OVERHEAD = 500;

export interface RequestBuffer {
  add(request: CapturedRequest): void;
  drop(reason: DropReason): void;
  dropped(): DroppedRequests;
  /** Resolves when what was added so far is written, or lost. */
  flush(): Promise<void>;
}

/**
 * Gathers requests and hands them to the store, many at a time.
 *
 * @param onFailed told, once a minute at most, when some could not be written
 */
export function createRequestBuffer(
  store: Pick<RequestLogStore, 'append'>,
  onFailed: (error: unknown) => void,
): RequestBuffer {
  const dropped = { full: 0, failed: 0, strangers: 0 };
  const underWay = new Set<Promise<void>>();
  let requests: CapturedRequest[] = [];
  let characters = 0;
  let timer: NodeJS.Timeout | undefined;
  /** Those that are handed over, too. */
  const waiting = { requests: 0, characters: 0 };
  let toldAt = Number.NEGATIVE_INFINITY;

  function handOver(): void {
    clearTimeout(timer);
    timer = undefined;
    if (requests.length === 0) return;
    const batch = requests;
    const size = characters;
    requests = [];
    characters = 0;
    const done = store
      .append(batch)
      .catch((error: unknown) => {
        dropped.failed += batch.length;
        if (performance.now() - toldAt < TOLD_MS) return;
        toldAt = performance.now();
        onFailed(error);
      })
      .then(() => {
        waiting.requests -= batch.length;
        waiting.characters -= size;
        underWay.delete(done);
      });
    underWay.add(done);
  }

  return {
    add(request) {
      if (waiting.requests >= LIMIT.requests || waiting.characters >= LIMIT.characters) {
        dropped.full++;
        return;
      }
      const size = sizeOf(request);
      requests.push(request);
      characters += size;
      waiting.requests++;
      waiting.characters += size;
      if (requests.length >= BATCH.requests || characters >= BATCH.characters) handOver();
      else timer ??= setTimeout(handOver, FLUSH_MS);
    },
    drop(reason) {
      dropped[reason]++;
    },
    dropped: () => ({ ...dropped }),
    async flush() {
      handOver();
      await Promise.all(underWay);
    },
  };
}

function sizeOf({ requestBody, responseBody, path, changes }: CapturedRequest): number {
  let size = OVERHEAD + (requestBody?.length ?? 0) + (responseBody?.length ?? 0) + path.length;
  for (const { before, after } of changes) size += (before?.length ?? 0) + (after?.length ?? 0);
  return size;
}
