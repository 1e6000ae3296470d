import type { FastifyReply, FastifyRequest } from 'fastify';
import { runBulk } from '../../service/bulk.ts';
import type { Services } from '../../service/context.ts';
import { requireBody } from '../body.ts';
import type { Protocol } from './protocol.ts';
import { contextOf } from './request-context.ts';

/** Bulk requests (RFC 7644 section 3.7). */
export const bulkHandler =
  (services: Services, protocol: Protocol) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const context = contextOf(request);
    const { registry, tolerance } = context;
    const bulk = protocol.decodeBulk(registry, requireBody(request), tolerance);
    const answer = protocol.bulkResponse(await runBulk(services, context, bulk));
    return reply.header('Content-Type', protocol.mediaTypeFor(request)).send(JSON.stringify(answer));
  };
