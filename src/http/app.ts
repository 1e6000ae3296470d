import { randomUUID } from 'node:crypto';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import { notFound } from '../core/error.ts';
import type { Authenticator } from '../service/authenticate.ts';
import type { Services } from '../service/context.ts';
import { readJsonBodies, refuseCompressedBody } from './body.ts';
import { sendError } from './errors.ts';
import { logAnswer } from './request-log.ts';
import { authenticateScim } from './scim/request-context.ts';
import { scimRoutes } from './scim/routes.ts';

export interface AppSettings {
  readonly services: Services;
  readonly authenticator: Authenticator;
  /** The server's URL as clients reach it, without a slash at the end. */
  readonly baseUrl: string;
  readonly log: FastifyBaseLogger;
}

/** The whole HTTP server: every hook and every route in the order in which they are mounted. */
export function createApp({ services, authenticator, baseUrl, log }: AppSettings): FastifyInstance {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // an id of any length is an unknown id
    routerOptions: { maxParamLength: 4096 },
    // slow clients: headers within 10 s, the whole request within 30 s, idle connections end after 5 s
    requestTimeout: 30_000,
    http: { headersTimeout: 10_000, keepAliveTimeout: 5_000 },
    frameworkErrors: (error, request, reply) => void sendError(error, request as FastifyRequest, reply as FastifyReply),
    return503OnClosing: true,
  });
  app.decorateRequest('scim', undefined);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler((request, reply) => sendError(notFound('There is nothing at this URL.'), request, reply));
  app.addHook('onResponse', logAnswer);
  readJsonBodies(app);

  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    await services.storage.directory.superTenant();
    return { status: 'ready' };
  });

  for (const prefix of ['/scim/v2', '/t/:tenant/scim/v2'])
    app.register(
      async (scim) => {
        const authenticate = authenticateScim({ authenticator, now: services.now, baseUrl });
        scim.addHook('onRequest', authenticate);
        scim.addHook('onRequest', refuseCompressedBody);
        scim.setNotFoundHandler({ preHandler: authenticate }, (request, reply) =>
          sendError(notFound('There is nothing at this URL.'), request, reply),
        );
        scimRoutes(scim, services);
      },
      { prefix },
    );
  return app;
}
