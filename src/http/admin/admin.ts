import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../core/error.ts';
import { accountHandlers } from './account.ts';
import { authenticateOperator } from './authenticate-operator.ts';
import { RESOURCE_ROUTES } from './contract/resources.ts';
import { OPERATOR_ROUTES, SESSION_ROUTES } from './contract/session.ts';
import { TENANT_ROUTES } from './contract/tenants.ts';
import { type Guard, mountRoutes } from './mount.ts';
import { describeApi, publishApi } from './openapi.ts';
import { operatorHandlers } from './operators.ts';
import { sendProblem } from './problem.ts';
import { resourceHandlers } from './resources.ts';
import type { AdminServices } from './services.ts';
import { sessionHandlers } from './session.ts';
import { createSessionCookies } from './session-cookies.ts';
import { tenantHandlers } from './tenants.ts';

export interface AdminSettings extends AdminServices {
  /** Who makes a request; absent: whoever has a session or an API key. */
  readonly identify?: Guard['identify'] | undefined;
  readonly version: string;
}

/** The admin API with its OpenAPI document: every area of it on one screen. */
export function mountAdmin(app: FastifyInstance, settings: AdminSettings): void {
  const { services, tenants, operatorServices, baseUrl, version } = settings;
  const cookies = createSessionCookies(operatorServices.oidc !== undefined);
  const guard: Guard = {
    identify: settings.identify ?? authenticateOperator(operatorServices, cookies),
    findTenant: tenants.look,
    now: services.now,
    ownOrigin: new URL(baseUrl).origin,
  };
  app.decorateRequest('admin', undefined);
  app.register(async (scope) => {
    await describeApi(scope, version);
    await scope.register(cookie);
    scope.register(
      async (api) => {
        api.setErrorHandler(sendProblem);
        api.setNotFoundHandler((request, reply) =>
          sendProblem(notFound('There is nothing at this URL.'), request, reply),
        );
        api.addHook('onRequest', async (_request, reply) => void reply.header('Cache-Control', 'no-store'));
        mountRoutes(
          api,
          SESSION_ROUTES,
          { ...sessionHandlers(settings, cookies), ...accountHandlers(settings, cookies) },
          guard,
        );
        mountRoutes(api, OPERATOR_ROUTES, operatorHandlers(settings), guard);
        mountRoutes(api, TENANT_ROUTES, tenantHandlers(settings), guard);
        mountRoutes(api, RESOURCE_ROUTES, resourceHandlers(settings), guard);
      },
      { prefix: '/api/v1' },
    );
    await publishApi(scope);
  });
}
