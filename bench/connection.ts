import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { PreparedRequest } from './request-template.ts';
import { createResponseReader, type Response } from './response-reader.ts';

/** How one keep-alive connection works off its share of a job. Times are milliseconds of `performance.now()`. */
export type Schedule = {
  /** The next request to send, or undefined when the job has sent all it may. */
  next: () => PreparedRequest | undefined;
  record: (request: PreparedRequest, response: Response, latency: number, now: number) => void;
  start: number;
  end: number;
  /** Time between the starts of two requests; 0: each as soon as the last was answered. */
  interval: number;
};

const answerLimit = 60_000;

/**
 * Sends requests one at a time until the schedule ends, and resolves when the last one was answered.
 * A request that was due while the one before it was still unanswered counts from the moment it was due.
 *
 * @throws Error when the connection fails, closes, stays silent for a minute or answers with something else than HTTP/1.1
 */
export function driveConnection(socket: Socket, schedule: Schedule): Promise<void> {
  const { interval, end } = schedule;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let request: PreparedRequest | undefined;
  let due = schedule.start;
  let answeredAt = 0;
  let from = 0;

  function send(): void {
    const now = performance.now();
    request = now < end ? schedule.next() : undefined;
    if (request === undefined) {
      resolve();
      return;
    }
    from = answeredAt > due ? due : now;
    socket.write(request.bytes);
  }

  const read = createResponseReader((response) => {
    const now = performance.now();
    if (request === undefined) throw new Error('an answer without a request');
    schedule.record(request, response, now - from, now);
    request = undefined;
    if (interval > 0) {
      due += interval;
      answeredAt = now;
    }
    if (due > now) setTimeout(send, due - now);
    else send();
  });

  socket.on('data', (bytes) => {
    try {
      read(bytes as Buffer);
    } catch (error) {
      reject(error);
    }
  });
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('the server closed a connection')));
  socket.setTimeout(answerLimit, () => reject(new Error(`no answer within ${answerLimit / 1000} s`)));
  setTimeout(send, Math.max(0, due - performance.now()));
  return promise;
}
