import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import { Unavailable } from '../core/error.ts';
import type { Authenticator } from '../service/authenticate.ts';
import type { Services } from '../service/context.ts';
import type { Peers } from '../service/peers.ts';
import { readLoosely } from '../service/refused-credentials.ts';
import { createRegistries } from '../service/registries.ts';
import type { RequestLog } from '../service/request-log.ts';
import type { SignIns } from '../service/sign-in.ts';
import { type AdminSettings, mountAdmin } from './admin/admin.ts';
import { readJsonBodies } from './body.ts';
import { serveConsole } from './console.ts';
import { sendError } from './errors.ts';
import { serveMetrics } from './metrics.ts';
import { limitHeaders, refuseMalformedRequest } from './request-head.ts';
import { logAnswer } from './request-log.ts';
import { limitRate, limitStrangers } from './scim/rate-limit.ts';
import { noteElsewhere } from './scim/request-capture.ts';
import { answerNotFound, decorateScimRequests, MAX_REQUEST_HEAD, mountScim, ROUTER } from './scim-roots.ts';
import { overrideMethod } from './scim1/negotiation.ts';

export interface AppSettings {
  /** What the admin API works with. */
  readonly admin: Omit<AdminSettings, 'services' | 'registries' | 'baseUrl'>;
  readonly services: Services;
  readonly authenticator: Authenticator;
  readonly signIns: SignIns;
  readonly peers: Peers;
  /** The server's URL as clients reach it, without a slash at the end. */
  readonly baseUrl: string;
  readonly log: FastifyBaseLogger;
  /** Where SCIM requests are kept. */
  readonly requestLog: RequestLog;
  /** Requests per second that one integration may make unless its settings say another number; undefined: no limits. */
  readonly rateLimit: number | undefined;
  /** Whether `/metrics` answers clients on other machines too. */
  readonly metricsToEveryone: boolean;
  /** PEM texts of a certificate and its key, to speak HTTPS with; undefined: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Whether the address of a client is the one that a proxy says: any proxy, or those at these addresses. */
  readonly trustProxy: boolean | readonly string[];
  /** Whether the server is about to stop: it answers, but asks clients and balancers to go elsewhere. */
  readonly isStopping?: () => boolean;
}

/** The whole HTTP server: every hook and every route in the order in which they are mounted. */
export function createApp({
  admin,
  services,
  authenticator,
  signIns,
  peers,
  baseUrl,
  log,
  requestLog,
  rateLimit,
  metricsToEveryone,
  trustProxy,
  tls,
  isStopping = () => false,
}: AppSettings): FastifyInstance {
  /** A client with a credential that asks in the wrong place: somebody has entered the wrong URL. */
  const noteLost = (request: FastifyRequest, reply: FastifyReply): void => {
    const { authorization } = request.headers;
    if (requestLog.isOn && authorization !== undefined && readLoosely(authorization).ids !== undefined)
      noteElsewhere(requestLog, request, reply, services.now());
  };
  const app = fastify({
    ...serverOptions(tls),
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // no logger of its own for each request: the two lines that are about one name it
    childLoggerFactory: (logger) => logger,
    // the request log finds a request by the time in it
    genReqId: () => services.newId(services.now()),
    rewriteUrl: overrideMethod,
    trustProxy: trustProxy === true ? isNearestProxy : trustProxy === false ? false : [...trustProxy],
    routerOptions: ROUTER,
    // slow clients: the whole request within 30 s, idle connections end after 5 s
    requestTimeout: 30_000,
    keepAliveTimeout: 5_000,
    clientErrorHandler: refuseMalformedRequest,
    frameworkErrors(error, request, reply) {
      sendError(error, request as FastifyRequest, reply as FastifyReply);
      noteLost(request as FastifyRequest, reply as FastifyReply);
    },
    return503OnClosing: true,
  });
  decorateScimRequests(app);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(answerNotFound);
  app.addHook('onRequest', limitHeaders);
  app.addHook('onRequest', (_request, reply, done) => {
    if (isStopping()) reply.header('connection', 'close');
    done();
  });
  app.addHook('onResponse', logAnswer);
  app.addHook('onResponse', (request, reply, done) => {
    if (request.is404 && request.capture === undefined) noteLost(request, reply);
    done();
  });
  readJsonBodies(app);

  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    if (isStopping()) throw new Unavailable('the server is about to stop');
    await services.storage.directory.superTenant();
    return { status: 'ready' };
  });

  serveMetrics(app, { toEveryone: metricsToEveryone, peers, dropped: requestLog.dropped });
  serveConsole(app, { baseUrl });

  const registries = createRegistries(services.storage);
  // an integration may use several URLs, and is counted once
  const limit = rateLimit === undefined ? undefined : limitRate(rateLimit, peers);
  const limitUnknown = rateLimit === undefined ? undefined : limitStrangers(peers);
  mountScim(app, {
    ...{ services, authenticator, signIns, registries, baseUrl },
    ...{ limit, limitStrangers: limitUnknown, requestLog },
  });
  mountAdmin(app, { ...admin, services, registries, baseUrl });
  return app;
}

/** Slow clients: headers, and the handshake before them, within 10 s each. */
function serverOptions(tls: AppSettings['tls']) {
  const http = { headersTimeout: 10_000, maxHeaderSize: MAX_REQUEST_HEAD };
  if (tls === undefined) return { http };
  const { cert, key } = tls;
  return { https: { ...http, cert, key, minVersion: 'TLSv1.2', handshakeTimeout: 10_000 } } as const;
}

/** Of what X-Forwarded-For says only the last entry is the proxy's own; the others are the client's to choose. */
const isNearestProxy = (_address: string, hop: number): boolean => hop === 0;
