import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  allResourceTypesJson,
  allSchemasJson,
  resourceTypeJson,
  schemaJson,
  serviceProviderConfig,
} from '../../core/discovery.ts';
import { notFound, ScimError } from '../../core/error.ts';
import type { JsonObject } from '../../core/json.ts';
import { listResponseText } from '../../core/list.ts';
import { resourceTypeNamed, schemaNamed } from '../../core/registry.ts';
import { mediaTypeFor } from './media-type.ts';
import { discoveryViewOf } from './request-context.ts';

/** The discovery endpoints (RFC 7644 section 4). */
export const discoveryHandlers = {
  async serviceProviderConfig(request: FastifyRequest, reply: FastifyReply) {
    const { baseUrl, auth } = discoveryViewOf(request);
    return sendJson(request, reply, serviceProviderConfig(baseUrl, auth));
  },

  async schemas(request: FastifyRequest, reply: FastifyReply) {
    const { registry, baseUrl } = discoveryViewOf(request);
    return sendList(request, reply, allSchemasJson(registry, baseUrl));
  },

  async schema(request: FastifyRequest, reply: FastifyReply) {
    const { registry, baseUrl } = discoveryViewOf(request);
    const schema = schemaNamed(registry, (request.params as { urn: string }).urn);
    if (schema === undefined) throw notFound('There is no schema with this URN.');
    return sendJson(request, reply, schemaJson(schema, baseUrl));
  },

  async resourceTypes(request: FastifyRequest, reply: FastifyReply) {
    const { registry, baseUrl } = discoveryViewOf(request);
    return sendList(request, reply, allResourceTypesJson(registry, baseUrl));
  },

  async resourceType(request: FastifyRequest, reply: FastifyReply) {
    const { registry, baseUrl } = discoveryViewOf(request);
    const type = resourceTypeNamed(registry, (request.params as { name: string }).name);
    if (type === undefined) throw notFound('There is no resource type with this name.');
    return sendJson(request, reply, resourceTypeJson(type, baseUrl));
  },
};

function sendList(request: FastifyRequest, reply: FastifyReply, resources: JsonObject[]): FastifyReply {
  const texts = resources.map((resource) => JSON.stringify(resource));
  return sendText(request, reply, listResponseText(resources.length, { startIndex: 1 }, texts));
}

const sendJson = (request: FastifyRequest, reply: FastifyReply, json: JsonObject): FastifyReply =>
  sendText(request, reply, JSON.stringify(json));

/** RFC 7644 section 4: a filter would be misread as having been applied, so it is refused; other parameters are ignored. */
function sendText(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  if ((request.query as Record<string, unknown>).filter !== undefined)
    throw new ScimError(403, 'The discovery endpoints cannot be filtered.');
  return reply.header('Content-Type', mediaTypeFor(request)).send(text);
}
