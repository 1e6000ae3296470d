import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ListParameters } from '../../core/list.ts';
import type { ResourceType } from '../../core/resource-type.ts';
import { decodeSearchRequest } from '../../core/search-request.ts';
import type { Services } from '../../service/context.ts';
import { listResources } from '../../service/lists.ts';
import { requireBody } from '../body.ts';
import { sendBody } from './answer-body.ts';
import type { Protocol } from './protocol.ts';
import { contextOf } from './request-context.ts';

/**
 * Lists by GET (RFC 7644 section 3.4.2) and by POST to `.search` (section 3.4.3).
 *
 * @param typesOf the resource types that the URL stands for
 */
export function listHandlers(
  services: Services,
  protocol: Protocol,
  typesOf: (request: FastifyRequest) => readonly ResourceType[],
) {
  async function send(request: FastifyRequest, reply: FastifyReply, parameters: ListParameters) {
    const body = await listResources(services, contextOf(request), typesOf(request), parameters);
    return sendBody(reply.header('Content-Type', protocol.mediaTypeFor(request)), body);
  }
  return {
    list: async (request: FastifyRequest, reply: FastifyReply) =>
      send(request, reply, protocol.listParametersOf(request, typesOf(request))),

    search: async (request: FastifyRequest, reply: FastifyReply) =>
      send(request, reply, decodeSearchRequest(requireBody(request), contextOf(request).tolerance)),
  };
}
