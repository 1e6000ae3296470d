import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '../../service/service-error.ts';

/** How often a stream looks for what is new. */
const LOOK_MS = 1000;

/** Without an event for so long, a comment shows that the connection is alive: proxies end those that seem idle. */
const SILENT_MS = 15_000;

/** How long one stream lasts. The browser asks again then. */
const LONGEST_MS = 5 * 60_000;

/** Streams of one process at a time. */
const MOST = 100;

/** The streams of a server that are open. */
export interface LiveStreams {
  open: number;
  /** Aborted when the server ends. */
  readonly ending: AbortSignal;
}

/** What a stream shows, and to whom. */
interface Followed {
  /** Gives what is new since its last call. */
  look(): Promise<readonly { readonly id: string }[]>;
  /** @throws ServiceError when who has asked for the stream may see it no more */
  admitAgain(): Promise<unknown>;
}

/**
 * Sends what happens as server-sent events, as long as who has asked may see it.
 *
 * @throws ServiceError tooMany
 */
export function followLive(
  streams: LiveStreams,
  request: FastifyRequest,
  reply: FastifyReply,
  followed: Followed,
): FastifyReply {
  if (streams.open >= MOST)
    throw new ServiceError('tooMany', 'Too many people follow requests at once.', { retryAfter: 30 });
  streams.open++;
  const closed = new AbortController();
  reply.raw.once('close', () => {
    streams.open--;
    closed.abort();
  });
  const events = eventTexts(followed, AbortSignal.any([streams.ending, closed.signal]), (error) =>
    request.log.warn({ requestId: request.id, err: error }, 'requests could not be followed'),
  );
  return reply
    .type('text/event-stream; charset=utf-8')
    .header('X-Accel-Buffering', 'no')
    .send(Readable.from(events));
}

async function* eventTexts(
  { look, admitAgain }: Followed,
  ending: AbortSignal,
  onFailed: (error: unknown) => void,
): AsyncGenerator<string> {
  const begun = performance.now();
  let spoken = begun;
  yield 'retry: 2000\n\n';
  try {
    while (!ending.aborted && performance.now() - begun < LONGEST_MS) {
      const found = await look();
      if (found.length === 0 && performance.now() - spoken < SILENT_MS) {
        await sleep(LOOK_MS, undefined, { signal: ending });
        continue;
      }
      await admitAgain();
      yield found.length > 0 ? found.map(eventText).join('') : ': still here\n\n';
      spoken = performance.now();
    }
  } catch (error) {
    // the status is sent: an end makes the browser ask again
    if (!ending.aborted && !(error instanceof ServiceError)) onFailed(error);
  }
}

const eventText = (data: { readonly id: string }): string =>
  `event: request\nid: ${data.id}\ndata: ${JSON.stringify(data)}\n\n`;
