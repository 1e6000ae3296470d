import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound, type ScimError } from '../core/error.ts';
import type { Authenticator } from '../service/authenticate.ts';
import type { Services } from '../service/context.ts';
import type { Registries } from '../service/registries.ts';
import type { RequestLog } from '../service/request-log.ts';
import type { SignIns } from '../service/sign-in.ts';
import { refuseCompressedBody } from './body.ts';
import { sendError } from './errors.ts';
import { type Protocol, SCIM_2 } from './scim/protocol.ts';
import type { limitRate, limitStrangers } from './scim/rate-limit.ts';
import { captureRequests } from './scim/request-capture.ts';
import { authenticateScim, requireScope } from './scim/request-context.ts';
import { scimRoutes } from './scim/routes.ts';
import { sendError1 } from './scim1/errors.ts';
import { negotiate } from './scim1/negotiation.ts';
import { requireGroupPermission } from './scim1/permission.ts';
import { SCIM_1 } from './scim1/protocol.ts';
import { scim1Routes } from './scim1/routes.ts';

interface ScimSettings {
  readonly services: Services;
  readonly authenticator: Authenticator;
  readonly signIns: SignIns;
  readonly registries: Registries;
  /** The server's URL as clients reach it, without a slash at the end. */
  readonly baseUrl: string;
  /** Counts the requests of an integration over all its URLs; undefined: they have no limits. */
  readonly limit?: ReturnType<typeof limitRate> | undefined;
  readonly limitStrangers?: ReturnType<typeof limitStrangers> | undefined;
  /** Where requests are kept; undefined: nowhere. */
  readonly requestLog?: RequestLog | undefined;
}

/** Room for a filter of 16,384 characters in a URL, percent-encoded; headers have a bound of their own. */
export const MAX_REQUEST_HEAD = 64 * 1024;

/** How URLs are read. */
export const ROUTER = {
  // an id of any length is an unknown id
  maxParamLength: MAX_REQUEST_HEAD,
  // a base URL that was entered with a slash at its end makes clients ask for /scim/v2//Users
  ignoreDuplicateSlashes: true,
  ignoreTrailingSlash: true,
};

/** Adds to a request what the hooks of SCIM find out about it. */
export function decorateScimRequests(app: FastifyInstance): void {
  app.decorateRequest('scim', undefined);
  app.decorateRequest('anonymousView', undefined);
  app.decorateRequest('failure', undefined);
  app.decorateRequest('capture', undefined);
}

/** Both versions of the protocol, at all their URLs. */
export function mountScim(app: FastifyInstance, settings: ScimSettings): void {
  const { services, limit, limitStrangers, requestLog, ...found } = settings;
  const mount = (path: string, protocol: Protocol, routes: (scim: FastifyInstance) => void): void => {
    const { now } = services;
    const authenticate = authenticateScim({ ...found, now, protocol, path, limitStrangers });
    for (const prefix of [path, `/t/:tenant${path}`])
      app.register(
        async (scim) => {
          if (requestLog?.isOn) captureRequests(scim, requestLog, protocol.version, services.now);
          scim.addHook('onRequest', authenticate);
          if (limit !== undefined) scim.addHook('onRequest', limit);
          scim.addHook('onRequest', requireScope);
          scim.addHook('onRequest', refuseCompressedBody);
          routes(scim);
        },
        { prefix },
      );
  };

  mount('/scim/v2', SCIM_2, (scim) => {
    // set here too, so that the hooks above come before it: without credentials nothing is told apart
    scim.setNotFoundHandler(answerNotFound);
    scimRoutes(scim, services);
  });
  for (const path of ['/wso2/scim', '/scim/v1'])
    mount(path, SCIM_1, (scim) => {
      scim.addHook('onRequest', requireGroupPermission(services));
      scim.addHook('onRequest', negotiate);
      scim.setErrorHandler(sendError1);
      scim.setNotFoundHandler((request, reply) => sendError1(nothingHere(), request, reply));
      scim1Routes(scim, services);
    });
}

const nothingHere = (): ScimError => notFound('There is nothing at this URL.');

export const answerNotFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendError(nothingHere(), request, reply);
