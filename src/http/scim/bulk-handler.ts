import type { FastifyReply, FastifyRequest } from 'fastify';
import { runBulk } from '../../service/bulk.ts';
import type { Services } from '../../service/context.ts';
import { requireBody } from '../body.ts';
import { mediaTypeFor } from './media-type.ts';
import { contextOf } from './request-context.ts';

/** Bulk requests (RFC 7644 section 3.7). */
export const bulkHandler =
  (services: Services) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const answer = await runBulk(services, contextOf(request), requireBody(request));
    return reply.header('Content-Type', mediaTypeFor(request)).send(JSON.stringify(answer));
  };
