import type { FastifyReply, FastifyRequest } from 'fastify';
import { etagOf, isKnownVersion } from '../../core/etag.ts';
import type { ResourceType } from '../../core/resource-type.ts';
import type { ResourceAnswer } from '../../service/answers.ts';
import type { Services } from '../../service/context.ts';
import {
  createResource,
  deleteResource,
  getResource,
  getVersion,
  patchResource,
  replaceResource,
} from '../../service/resources.ts';
import { requireBody } from '../body.ts';
import { sendBody } from './answer-body.ts';
import type { Protocol } from './protocol.ts';
import { contextOf } from './request-context.ts';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

export type ResourceHandlers = Readonly<Record<'create' | 'get' | 'replace' | 'patch' | 'remove', Handler>>;

const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;

/**
 * The operations of RFC 7644 section 3 on resources: decode, call one service function, encode.
 *
 * @param typeOf the resource type that a request is about; tenants may have extended it
 */
export function resourceHandlers(
  services: Services,
  protocol: Protocol,
  typeOf: (request: FastifyRequest) => ResourceType,
): ResourceHandlers {
  function send(request: FastifyRequest, reply: FastifyReply, { etag, body }: ResourceAnswer): FastifyReply {
    reply.header('Content-Type', protocol.mediaTypeFor(request));
    if (protocol.hasVersions) reply.header('ETag', etag);
    return sendBody(reply, body);
  }

  const sendChanged = (request: FastifyRequest, reply: FastifyReply, answer: ResourceAnswer): FastifyReply =>
    send(request, protocol.hasVersions ? reply : reply.header('Location', answer.location), answer);

  return {
    async create(request, reply) {
      const type = typeOf(request);
      const projection = protocol.projectionOf(request, type);
      const body = protocol.decodeResource(type, requireBody(request));
      const answer = await createResource(services, contextOf(request), type, body, projection);
      return send(request, reply.code(201).header('Location', answer.location), answer);
    },

    async get(request, reply) {
      const type = typeOf(request);
      const projection = protocol.projectionOf(request, type);
      const context = contextOf(request);
      if (context.precondition !== undefined) {
        const version = await getVersion(services, context, type, idOf(request));
        if (isKnownVersion(context.precondition, version)) return sendEmpty(reply.code(304), version);
      }
      const answer = await getResource(services, context, type, idOf(request), projection);
      return send(request, reply, answer);
    },

    async replace(request, reply) {
      const type = typeOf(request);
      const projection = protocol.projectionOf(request, type);
      const body = protocol.decodeResource(type, requireBody(request));
      const id = idOf(request);
      const answer = await replaceResource(services, contextOf(request), type, id, body, projection);
      return sendChanged(request, reply, answer);
    },

    async patch(request, reply) {
      const type = typeOf(request);
      const projection = protocol.projectionOf(request, type);
      const body = protocol.decodePatch(type, requireBody(request));
      const id = idOf(request);
      const change = await patchResource(services, contextOf(request), type, id, body, projection);
      if (change.answer === undefined) return sendEmpty(reply.code(204), change.version);
      return sendChanged(request, reply, change.answer);
    },

    async remove(request, reply) {
      await deleteResource(services, contextOf(request), typeOf(request), idOf(request));
      return reply.code(protocol.deletedStatus).send();
    },
  };
}

const sendEmpty = (reply: FastifyReply, version: number): FastifyReply =>
  reply.header('ETag', etagOf(version)).send();
