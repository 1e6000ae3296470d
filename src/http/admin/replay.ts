import { randomUUID } from 'node:crypto';
import { type FastifyInstance, fastify, type HTTPMethods } from 'fastify';
import type { RequestContext, Services } from '../../service/context.ts';
import { dryRun } from '../../service/dry-run.ts';
import { createRegistries } from '../../service/registries.ts';
import { ServiceError } from '../../service/service-error.ts';
import { readJsonBodies } from '../body.ts';
import { sendError } from '../errors.ts';
import { answerNotFound, decorateScimRequests, mountScim, ROUTER } from '../scim-roots.ts';

type Authentication = Parameters<typeof mountScim>[1];
type Grant = Awaited<ReturnType<Authentication['authenticator']['authenticate']>>;
type SignedIn = Awaited<ReturnType<Authentication['signIns']['signIn']>>;
type Tenant = NonNullable<Grant>['tenant'];

/** What is known of a request that was made before. */
export interface EarlierRequest {
  readonly integrationId: string | undefined;
  readonly credentialId: string | undefined;
  /** The user who had signed in. */
  readonly userId: string | undefined;
  readonly method: string;
  /** With the query, percent-encoded. */
  readonly path: string;
  readonly contentType: string | undefined;
  readonly requestBody: string | undefined;
  /** Whether all that it needs was kept. */
  readonly isReplayable: boolean;
}

/** What the server would answer and do. */
export interface Replay {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds that the answer took. */
  readonly ms: number;
  /** Names of the tolerances that were needed. */
  readonly tolerances: readonly string[];
  readonly changes: RequestContext['changes'];
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * Carries a SCIM request out again, as whom it was made, on the data of now, and undoes all of it: nothing is changed, and
 * neither the audit nor the request log nor any count or limit knows of it. Preconditions in headers are left out.
 *
 * @param body in place of the one that was sent; undefined: that one
 * @throws ServiceError `conflict` when it can't be carried out again
 * @throws Unavailable when it takes longer than some seconds
 */
export async function replayRequest(
  { services, baseUrl }: { readonly services: Services; readonly baseUrl: string },
  tenant: Tenant,
  request: EarlierRequest,
  body?: string,
): Promise<Replay> {
  const { method, path } = request;
  if (!METHODS.has(method)) throw cannot('has a method that SCIM does not have.');
  if (body === undefined && !request.isReplayable)
    throw cannot('was not kept with all that it needs: give it a body.');
  return dryRun(services, tenant.id, async (dry) => {
    const { grant, signedIn } = await whoAsked(dry, tenant, request);
    const { app, found } = scimApp(dry, baseUrl, grant, signedIn);
    try {
      const payload = body ?? request.requestBody;
      const started = performance.now();
      const answer = await app.inject({
        method: method as HTTPMethods & 'GET',
        url: path,
        headers: {
          // whatever it is, it was right
          authorization: 'Basic',
          ...(payload !== undefined && { 'content-type': request.contentType ?? 'application/scim+json' }),
        },
        ...(payload !== undefined && { payload }),
      });
      const ms = performance.now() - started;
      const context = found();
      return {
        ...{ status: answer.statusCode, headers: textsOf(answer.headers), body: answer.body, ms },
        tolerances: [...(context?.tolerance.used ?? [])],
        changes: context?.changes ?? [],
      };
    } finally {
      await app.close();
    }
  });
}

/** The routes of SCIM and nothing else; each request is that of whom it is told. */
function scimApp(
  services: Services,
  baseUrl: string,
  grant: Grant,
  signedIn: SignedIn,
): { app: FastifyInstance; found: () => RequestContext | undefined } {
  let context: RequestContext | undefined;
  const app = fastify({ genReqId: () => randomUUID(), routerOptions: ROUTER });
  decorateScimRequests(app);
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(answerNotFound);
  app.addHook('onSend', (request, _reply, payload, done) => {
    context = request.scim?.context;
    done(null, payload);
  });
  readJsonBodies(app);
  mountScim(app, {
    ...{ services, baseUrl, registries: createRegistries(services.storage) },
    authenticator: { authenticate: async () => grant },
    signIns: { signIn: async () => signedIn },
  });
  return { app, found: () => context };
}

/** Who made the request, with the settings and rights of now. @throws ServiceError when it is not there any more */
async function whoAsked(
  { storage }: Services,
  tenant: Tenant,
  { integrationId, credentialId = '', userId }: EarlierRequest,
): Promise<{ grant: Grant; signedIn: SignedIn }> {
  const { directory } = storage;
  const [definitionRevision, userStores] = await Promise.all([
    directory.definitionRevision(tenant.id),
    directory.listUserStores(tenant.id),
  ]);
  const common = { tenant, definitionRevision, userStores };
  if (integrationId !== undefined) {
    const integration = await directory.getIntegration(tenant.id, integrationId);
    if (integration === undefined) throw cannot('came from an integration that is deleted.');
    const credential = {
      ...{ tenantId: tenant.id, id: credentialId, integrationId, digest: new Uint8Array(), suffix: '' },
      ...{ created: integration.created, lastUsed: undefined, expires: undefined },
    };
    return { grant: { ...common, integration, credential }, signedIn: undefined };
  }
  if (userId === undefined) throw cannot('was refused before it was known who made it.');
  const user = await storage.getResource(tenant.id, 'User', userId, undefined);
  if (user === undefined) throw cannot('came from a user who is deleted.');
  const { userName } = JSON.parse(user.doc) as { userName: string };
  return { grant: undefined, signedIn: { ...common, userId, userName } };
}

const cannot = (why: string): ServiceError =>
  new ServiceError('conflict', `The request can't be carried out again: it ${why}`);

const textsOf = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
