import type { FastifyInstance, FastifyRequest } from 'fastify';
import { MAX_BULK_BYTES } from '../../core/bulk.ts';
import { notFound } from '../../core/error.ts';
import { BUILT_IN, resourceTypeAt, USER_TYPE } from '../../core/registry.ts';
import type { ResourceType } from '../../core/resource-type.ts';
import type { RequestContext, Services } from '../../service/context.ts';
import { bulkHandler } from './bulk-handler.ts';
import { discoveryHandlers } from './discovery-handlers.ts';
import { listHandlers } from './list-handlers.ts';
import { meHandlers } from './me-handlers.ts';
import { SCIM_2 } from './protocol.ts';
import { contextOf } from './request-context.ts';
import { resourceHandlers } from './resource-handlers.ts';
import { bodyLimitOf, MIB, route } from './route.ts';

/** Reading by POST. */
const READING = { isReading: true };

/** Every SCIM 2.0 endpoint (RFC 7644 table 2), below whatever prefix the instance has. */
export function scimRoutes(app: FastifyInstance, services: Services): void {
  const all = listHandlers(services, SCIM_2, (request) => contextOf(request).registry.resourceTypes);
  route(app, '/', { GET: all.list });
  route(app, '/.search', { POST: all.search }, MIB, READING);
  const user = resourceHandlers(services, SCIM_2, (request) => userTypeOf(contextOf(request)));
  const me = meHandlers(user);
  route(app, '/Me', { GET: me.get, PUT: me.replace, PATCH: me.patch }, MIB, { forUsers: true });
  route(app, '/Bulk', { POST: bulkHandler(services, SCIM_2) }, MAX_BULK_BYTES);
  // the tenant may have extended the type
  for (const type of BUILT_IN.resourceTypes)
    resourceRoutes(app, services, type.endpoint, bodyLimitOf(type), ({ registry }) =>
      resourceTypeAt(registry, type.endpoint),
    );
  resourceRoutes(app, services, '/:endpoint', MIB, ({ registry }, request) =>
    resourceTypeAt(registry, `/${(request.params as { endpoint: string }).endpoint}`),
  );
  const discovery = discoveryHandlers;
  const open = { anonymous: true };
  route(app, '/ServiceProviderConfig', { GET: discovery.serviceProviderConfig }, MIB, open);
  route(app, '/Schemas', { GET: discovery.schemas }, MIB, open);
  route(app, '/Schemas/:urn', { GET: discovery.schema }, MIB, open);
  route(app, '/ResourceTypes', { GET: discovery.resourceTypes }, MIB, open);
  route(app, '/ResourceTypes/:name', { GET: discovery.resourceType }, MIB, open);
}

/** The tenant's own form of the user type. */
const userTypeOf = ({ registry }: RequestContext): ResourceType =>
  resourceTypeAt(registry, USER_TYPE.endpoint) ?? USER_TYPE;

/** The URLs of a resource type and its resources; where there is no such type, nothing is at them, and no body is read. */
function resourceRoutes(
  app: FastifyInstance,
  services: Services,
  endpoint: string,
  bodyLimit: number,
  find: (context: RequestContext, request: FastifyRequest) => ResourceType | undefined,
): void {
  const typeOf = (request: FastifyRequest): ResourceType => {
    const type = find(contextOf(request), request);
    if (type === undefined) throw notFound('There is nothing at this URL.');
    return type;
  };
  const { create, get, replace, patch, remove } = resourceHandlers(services, SCIM_2, typeOf);
  const { list, search } = listHandlers(services, SCIM_2, (request) => [typeOf(request)]);
  app.register(async (scope) => {
    if (endpoint.includes(':'))
      scope.addHook('onRequest', async (request) => {
        typeOf(request);
      });
    route(scope, endpoint, { GET: list, POST: create }, bodyLimit);
    route(scope, `${endpoint}/.search`, { POST: search }, MIB, READING);
    route(scope, `${endpoint}/:id`, { GET: get, PUT: replace, PATCH: patch, DELETE: remove }, bodyLimit);
  });
}
