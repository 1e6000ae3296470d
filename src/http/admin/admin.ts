import type { FastifyInstance } from 'fastify';
import { notFound } from '../../core/error.ts';
import { TENANT_ROUTES } from './contract/tenants.ts';
import { type Guard, mountRoutes } from './mount.ts';
import { describeApi, publishApi } from './openapi.ts';
import { sendProblem } from './problem.ts';
import type { AdminServices } from './services.ts';
import { tenantHandlers } from './tenants.ts';

export interface AdminSettings extends AdminServices {
  readonly identify: Guard['identify'];
  readonly version: string;
}

/** The admin API with its OpenAPI document: every area of it on one screen. */
export function mountAdmin(app: FastifyInstance, settings: AdminSettings): void {
  const { services, tenants, identify, baseUrl, version } = settings;
  const guard: Guard = {
    identify,
    findTenant: tenants.look,
    now: services.now,
    ownOrigin: new URL(baseUrl).origin,
  };
  app.decorateRequest('admin', undefined);
  app.register(async (scope) => {
    await describeApi(scope, version);
    scope.register(
      async (api) => {
        api.setErrorHandler(sendProblem);
        api.setNotFoundHandler((request, reply) =>
          sendProblem(notFound('There is nothing at this URL.'), request, reply),
        );
        api.addHook('onRequest', async (_request, reply) => void reply.header('Cache-Control', 'no-store'));
        mountRoutes(api, TENANT_ROUTES, tenantHandlers(settings), guard);
      },
      { prefix: '/api/v1' },
    );
    await publishApi(scope);
  });
}
