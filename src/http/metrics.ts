import { BlockList, isIPv4 } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { notFound } from '../core/error.ts';
import type { Peers } from '../service/peers.ts';
import type { DroppedRequests } from '../service/request-buffer.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const isLoopback = (address: string): boolean => {
  const plain = address.replace(/^::ffff:/i, '');
  return loopback.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
};

type ProcessMetrics = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** Under which processes give each other their figures. */
const TOPIC = 'metrics';

/** Seconds: from an answer made from memory to one that a person has stopped waiting for. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/**
 * Serves `/metrics` in the text format of Prometheus: the process, and every request by method, route and status. No tenant,
 * integration or person is in it. Of several processes on one port any answers for all of them.
 *
 * @param toEveryone false: only to clients on this machine; to others there is nothing at the URL
 * @param dropped what the request log has not kept
 */
export function serveMetrics(
  app: FastifyInstance,
  {
    toEveryone,
    peers,
    dropped,
  }: { readonly toEveryone: boolean; readonly peers: Peers; readonly dropped: () => DroppedRequests },
): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'roster_processes',
    help: 'Server processes whose figures these are',
    registers: [registry],
  }).set(1);
  const requests = new Histogram({
    name: 'roster_http_request_duration_seconds',
    help: 'Seconds from the head of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  new Counter({
    name: 'roster_request_log_dropped_total',
    help: 'SCIM requests that the request log has not kept',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(dropped())) this.inc({ reason }, count);
    },
  });
  app.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const route = request.routeOptions.url ?? 'unknown';
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
  app.get('/metrics', async (request, reply) => {
    if (!toEveryone && !isLoopback(request.ip)) throw notFound('There is nothing at this URL.');
    const others = (await peers.ask(TOPIC)) as ProcessMetrics[];
    const all =
      others.length === 0
        ? registry
        : AggregatorRegistry.aggregate([await registry.getMetricsAsJSON(), ...others]);
    return reply.header('Content-Type', registry.contentType).send(await all.metrics());
  });
  peers.answer(TOPIC, () => registry.getMetricsAsJSON());
  app.addHook('onClose', async () => registry.clear());
}
