import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_BULK_BYTES } from '../../core/bulk.ts';
import { notFound, ScimError } from '../../core/error.ts';
import { GROUP_TYPE, resourceTypeAt, USER_TYPE } from '../../core/registry.ts';
import type { ResourceType } from '../../core/resource-type.ts';
import { listText1 } from '../../core/v1/answer.ts';
import { allSchemasJson1, schemaJsonNamed1, serviceProviderConfig1 } from '../../core/v1/discovery.ts';
import type { Services } from '../../service/context.ts';
import { bulkHandler } from '../scim/bulk-handler.ts';
import { listHandlers } from '../scim/list-handlers.ts';
import { meHandlers } from '../scim/me-handlers.ts';
import { contextOf, discoveryViewOf } from '../scim/request-context.ts';
import { resourceHandlers } from '../scim/resource-handlers.ts';
import { bodyLimitOf, MIB, route } from '../scim/route.ts';
import { SCIM_1 } from './protocol.ts';

/** Every endpoint of SCIM 1.1 (REST API 1.1 section 3), below whatever prefix the instance has. */
export function scim1Routes(app: FastifyInstance, services: Services): void {
  meRoutes(app, services);
  for (const builtIn of [USER_TYPE, GROUP_TYPE]) {
    const { endpoint } = builtIn;
    const typeOf = tenantsOwn(builtIn);
    const { create, get, replace, patch, remove } = resourceHandlers(services, SCIM_1, typeOf);
    const { list } = listHandlers(services, SCIM_1, (request) => [typeOf(request)]);
    const bodyLimit = bodyLimitOf(builtIn);
    route(app, endpoint, { GET: list, POST: create }, bodyLimit);
    route(app, `${endpoint}/:id`, { GET: get, PUT: replace, PATCH: patch, DELETE: remove }, bodyLimit);
  }
  route(app, '/Bulk', { POST: bulkHandler(services, SCIM_1) }, MAX_BULK_BYTES);
  const open = { anonymous: true };
  route(app, '/ServiceProviderConfigs', { GET: discovery.config }, MIB, open);
  route(app, '/Schemas', { GET: discovery.schemas }, MIB, open);
  route(app, '/Schemas/:id', { GET: discovery.schema }, MIB, open);
}

/** `/Users/me` is the user who has signed in: groups that let them read themselves need permit nothing else. */
function meRoutes(app: FastifyInstance, services: Services): void {
  const handlers = resourceHandlers(services, SCIM_1, tenantsOwn(USER_TYPE));
  const { get, replace, patch } = meHandlers(handlers);
  const methods = {
    GET: get,
    PUT: replace,
    PATCH: patch,
    DELETE: async (): Promise<never> => {
      throw new ScimError(403, 'Users can not delete themselves.');
    },
  };
  route(app, '/Users/me', methods, MIB, { readingPermission: 'login' });
}

/** A built-in type as the tenant has it, who may have extended it. */
const tenantsOwn =
  (type: ResourceType) =>
  (request: FastifyRequest): ResourceType =>
    resourceTypeAt(contextOf(request).registry, type.endpoint) ?? type;

/** Discovery needs no credentials (Core Schema 1.1 section 9). */
const discovery = {
  async config(request: FastifyRequest, reply: FastifyReply) {
    return send(request, reply, JSON.stringify(serviceProviderConfig1(discoveryViewOf(request).auth)));
  },

  async schemas(request: FastifyRequest, reply: FastifyReply) {
    const schemas = allSchemasJson1(discoveryViewOf(request).registry);
    const texts = schemas.map((schema) => JSON.stringify(schema));
    return send(request, reply, listText1(texts.length, texts, undefined));
  },

  async schema(request: FastifyRequest, reply: FastifyReply) {
    const { id } = request.params as { id: string };
    const schema = schemaJsonNamed1(discoveryViewOf(request).registry, id);
    if (schema === undefined) throw notFound('There is no schema with this id.');
    return send(request, reply, JSON.stringify(schema));
  },
};

const send = (request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply =>
  reply.header('Content-Type', SCIM_1.mediaTypeFor(request)).send(text);
