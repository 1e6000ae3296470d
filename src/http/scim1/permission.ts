import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import type { Services } from '../../service/context.ts';
import { requirePermission } from '../../service/permissions.ts';
import { isReading } from '../scim/request-context.ts';

/**
 * Lets users do what a group they are in permits; integrations do what their own settings say.
 *
 * @throws ScimError 403
 */
export const requireGroupPermission =
  ({ storage }: Services) =>
  (request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    const { scim, routeOptions } = request;
    if (scim === undefined || scim.grant !== undefined) {
      done();
      return;
    }
    const { readingPermission } = routeOptions.config;
    const permission = (isReading(request) ? readingPermission : undefined) ?? 'provision';
    const user = { tenantId: scim.tenant.id, userId: scim.context.subject };
    requirePermission(storage, user, permission).then(() => done(), done);
  };
