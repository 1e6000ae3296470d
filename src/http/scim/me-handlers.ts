import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../../core/error.ts';
import { USER_TYPE } from '../../core/registry.ts';
import { locationOf } from '../../service/context.ts';
import { contextOf } from './request-context.ts';
import type { ResourceHandlers } from './resource-handlers.ts';

type Handler = ResourceHandlers['get'];

/**
 * The alias of the user who has signed in (RFC 7644 section 3.11), carried out as a request for that user.
 *
 * @param handlers those of the user type; they find the id among the parameters of the request
 */
export function meHandlers(handlers: ResourceHandlers): Pick<ResourceHandlers, 'get' | 'replace' | 'patch'> {
  const asOwn =
    (handler: Handler): Handler =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      const context = contextOf(request);
      if (request.scim?.grant !== undefined)
        throw notFound('These are the credentials of an integration: no user is behind them.');
      Object.assign(request.params as object, { id: context.subject });
      reply.header('Location', locationOf(context, USER_TYPE, context.subject));
      return handler(request, reply);
    };
  const { get, replace, patch } = handlers;
  return { get: asOwn(get), replace: asOwn(replace), patch: asOwn(patch) };
}
