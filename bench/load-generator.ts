/**
 * The load generator: a process of its own that takes one job at a time over its IPC channel and answers with what it measured.
 * It speaks HTTP/1.1 on plain sockets, since a general client costs more per request than the servers it would measure.
 */
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { driveConnection, type Schedule } from './connection.ts';
import { createRequestSource, type Draw, type RequestTemplate } from './request-template.ts';
import type { Response } from './response-reader.ts';
import { percentile } from './statistics.ts';

export type Job = {
  url: string;
  headers: Readonly<Record<string, string>>;
  templates: readonly RequestTemplate[];
  draw: Draw;
  seed: number;
  connections: number;
  /** Ends the job after so many seconds, or once so many requests were answered, whichever comes first. */
  seconds: number;
  requests?: number;
  /** Milliseconds between the starts of two requests on one connection; 0: each as soon as the last was answered. */
  interval?: number;
};

/** Latencies are milliseconds. */
type Latencies = { requests: number; mean: number; p50: number; p99: number; max: number };

export type JobResult = Latencies & {
  seconds: number;
  rate: number;
  /** Answers with another status than the template's, by status. */
  wrongStatus: Record<string, number>;
  /** Answers with the right status whose body lacks what it must contain. */
  wrongBody: number;
  labels: Record<string, Latencies>;
};

export type JobReply = { result: JobResult } | { error: string };

function summarise(latencies: readonly number[]): Latencies {
  const sorted = Float64Array.from(latencies).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const max = sorted.at(-1) ?? Number.NaN;
  return { requests: sorted.length, mean, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max };
}

function containsText(response: Response, text: string): boolean {
  const [only] = response.body;
  const body = response.body.length === 1 && only !== undefined ? only : Buffer.concat(response.body);
  return body.includes(text);
}

async function open(host: string, port: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host, port, noDelay: true });
  socket.once('connect', resolve).once('error', reject);
  await promise;
  return socket;
}

/** Runs one job to its end; throws an Error when a connection fails, see driveConnection. */
async function run(job: Job): Promise<JobResult> {
  const base = new URL(job.url);
  const nextRequest = createRequestSource(base, job.headers, job.templates, job.draw, job.seed);
  const latencies = new Map<string, number[]>(job.templates.map(({ label }) => [label, []]));
  const wrongStatus: Record<string, number> = {};
  const interval = job.interval ?? 0;
  const limit = job.requests ?? Number.POSITIVE_INFINITY;
  let wrongBody = 0;
  let sent = 0;
  let lastAnswer = 0;

  const sockets: Socket[] = [];
  try {
    for (let count = 0; count < job.connections; count += 1) {
      sockets.push(await open(base.hostname, Number(base.port)));
    }
    const start = performance.now();
    const end = start + job.seconds * 1000;
    const schedule: Schedule = {
      start,
      end,
      interval,
      next() {
        sent += 1;
        return sent > limit ? undefined : nextRequest();
      },
      record(request, response, latency, now) {
        if (response.status !== request.status) {
          wrongStatus[response.status] = (wrongStatus[response.status] ?? 0) + 1;
        } else if (request.includes !== undefined && !containsText(response, request.includes)) {
          wrongBody += 1;
        }
        // A rate counts what was answered in time; where single latencies are the result, the last ones count as well.
        if (now > end && interval === 0 && limit === Number.POSITIVE_INFINITY) return;
        latencies.get(request.label)?.push(latency);
        lastAnswer = now;
      },
    };
    // Paced connections are spread evenly: they must not all fire in the same millisecond.
    const gap = interval / job.connections;
    await Promise.all(
      sockets.map((socket, slot) => driveConnection(socket, { ...schedule, start: start + slot * gap })),
    );
    const seconds = (limit === Number.POSITIVE_INFINITY ? end : lastAnswer) / 1000 - start / 1000;
    const labels = Object.fromEntries([...latencies].map(([label, list]) => [label, summarise(list)]));
    const all = summarise([...latencies.values()].flat());
    return { ...all, seconds, rate: all.requests / seconds, wrongStatus, wrongBody, labels };
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

process.on('message', async (job: Job) => {
  let reply: JobReply;
  try {
    reply = { result: await run(job) };
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(reply);
});
process.on('disconnect', () => process.exit());
process.on('SIGINT', () => {});
