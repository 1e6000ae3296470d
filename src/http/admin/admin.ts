import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../core/error.ts';
import { SYSTEM_ACTOR } from '../../service/actor.ts';
import { createOverview } from '../../service/overview.ts';
import type { Traffic } from '../../service/request-log.ts';
import { createStatistics } from '../../service/statistics.ts';
import { accountHandlers } from './account.ts';
import { auditHandlers } from './audit.ts';
import { authenticateOperator } from './authenticate-operator.ts';
import { AUDIT_ROUTES } from './contract/audit.ts';
import { CREDENTIAL_ROUTES } from './contract/credentials.ts';
import { INTEGRATION_ROUTES } from './contract/integrations.ts';
import { REPLAY_ROUTES, REQUEST_ROUTES } from './contract/requests.ts';
import { RESOURCE_ROUTES } from './contract/resources.ts';
import { SCHEMA_ROUTES } from './contract/schemas.ts';
import { SERVER_ROUTES } from './contract/server.ts';
import { OPERATOR_ROUTES, SESSION_ROUTES } from './contract/session.ts';
import { STATISTICS_ROUTES } from './contract/statistics.ts';
import { TENANT_ROUTES } from './contract/tenants.ts';
import { credentialHandlers } from './credentials.ts';
import { integrationHandlers } from './integrations.ts';
import type { LiveStreams } from './live-requests.ts';
import { type Guard, mountRoutes } from './mount.ts';
import { describeApi, publishApi } from './openapi.ts';
import { operatorHandlers } from './operators.ts';
import { sendProblem } from './problem.ts';
import { replayHandlers } from './replay-routes.ts';
import { requestHandlers } from './requests.ts';
import { resourceHandlers } from './resources.ts';
import { schemaHandlers } from './schemas.ts';
import { serverHandlers } from './server.ts';
import type { AdminServices } from './services.ts';
import { sessionHandlers } from './session.ts';
import { createSessionCookies } from './session-cookies.ts';
import { statisticsHandlers } from './statistics.ts';
import { tenantHandlers } from './tenants.ts';

export interface AdminSettings extends Omit<AdminServices, 'overview' | 'statistics'> {
  /** Who makes a request; absent: whoever has a session or an API key. */
  readonly identify?: Guard['identify'] | undefined;
  /** What is known of the requests of tenants; absent: what the request log knows. */
  readonly traffic?: Traffic | undefined;
  readonly version: string;
}

/** The admin API with its OpenAPI document: every area of it on one screen. */
export function mountAdmin(app: FastifyInstance, settings: AdminSettings): void {
  const { services, administer, operatorServices, baseUrl, version, registries, requestLog } = settings;
  const { storage, now } = services;
  const cookies = createSessionCookies(operatorServices.oidc !== undefined);
  const figures = { storage, registries, traffic: settings.traffic ?? requestLog, now };
  const served: AdminServices = {
    ...settings,
    overview: createOverview(figures),
    statistics: createStatistics(figures),
  };
  const guard: Guard = {
    identify: settings.identify ?? authenticateOperator(operatorServices, cookies),
    administer,
    findTenant: administer(SYSTEM_ACTOR).tenants.look,
    now,
    ownOrigin: new URL(baseUrl).origin,
  };
  app.decorateRequest('admin', undefined);
  app.register(async (scope) => {
    scope.addHook(
      'onRequest',
      async (_request, reply) =>
        void reply.headers({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' }),
    );
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
        mountRoutes(api, SERVER_ROUTES, serverHandlers(served, version), guard);
        mountRoutes(api, STATISTICS_ROUTES, statisticsHandlers(served), guard);
        mountRoutes(api, TENANT_ROUTES, tenantHandlers(served), guard);
        mountRoutes(api, RESOURCE_ROUTES, resourceHandlers(served), guard);
        mountRoutes(api, INTEGRATION_ROUTES, integrationHandlers(served), guard);
        mountRoutes(api, CREDENTIAL_ROUTES, credentialHandlers(served), guard);
        mountRoutes(api, SCHEMA_ROUTES, schemaHandlers(served), guard);
        mountRoutes(api, REQUEST_ROUTES, requestHandlers(served, streamsOf(api)), guard);
        mountRoutes(api, REPLAY_ROUTES, replayHandlers(served), guard);
        mountRoutes(api, AUDIT_ROUTES, auditHandlers(served), guard);
      },
      { prefix: '/api/v1' },
    );
    await publishApi(scope);
  });
}

/** The streams of a server, which end when it does. */
function streamsOf(app: FastifyInstance): LiveStreams {
  const ending = new AbortController();
  app.addHook('preClose', async () => ending.abort());
  return { open: 0, ending: ending.signal };
}
