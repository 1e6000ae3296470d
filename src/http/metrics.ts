import { BlockList, isIPv4 } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { notFound } from '../core/error.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const isLoopback = (address: string): boolean => {
  const plain = address.replace(/^::ffff:/i, '');
  return loopback.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
};

/** Seconds: from an answer made from memory to one that a person has stopped waiting for. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/**
 * Serves `/metrics` in the text format of Prometheus: the process, and every request by method, route and status. No tenant,
 * integration or person is in it.
 *
 * @param toEveryone false: only to clients on this machine; to others there is nothing at the URL
 */
export function serveMetrics(app: FastifyInstance, { toEveryone }: { readonly toEveryone: boolean }): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'roster_http_request_duration_seconds',
    help: 'Seconds from the head of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  app.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const route = request.routeOptions.url ?? 'unknown';
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
  app.get('/metrics', async (request, reply) => {
    if (!toEveryone && !isLoopback(request.ip)) throw notFound('There is nothing at this URL.');
    return reply.header('Content-Type', registry.contentType).send(await registry.metrics());
  });
  app.addHook('onClose', async () => registry.clear());
}
