import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { ScimError } from '../../core/error.ts';
import { readPrecondition } from '../../core/etag.ts';
import { BUILT_IN, type Registry } from '../../core/registry.ts';
import { toleranceOf } from '../../core/tolerance.ts';
import type { Authenticator } from '../../service/authenticate.ts';
import type { RequestContext } from '../../service/context.ts';
import type { Registries } from '../../service/registries.ts';

type CredentialGrant = NonNullable<Awaited<ReturnType<Authenticator['authenticate']>>>;

/** What the hooks have found out about a SCIM request. */
interface ScimRequest {
  readonly grant: CredentialGrant;
  readonly context: RequestContext;
}

/** What the discovery endpoints tell about. */
interface DiscoveryView {
  readonly registry: Registry;
  readonly baseUrl: string;
  /** How the client has authenticated; undefined: not at all. */
  readonly auth: CredentialGrant['integration']['auth'] | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    scim: ScimRequest | undefined;
    /** Set when the client has given no credentials: what every tenant has. */
    anonymousView: DiscoveryView | undefined;
  }
  interface FastifyContextConfig {
    /** Whether GET needs no credentials. */
    readonly anonymous?: boolean;
  }
  interface FastifyContextConfig {
    /** Whether requests change nothing, so that a credential that may only read is enough; by method when not said. */
    isReading?: boolean;
  }
}

interface Settings {
  readonly authenticator: Authenticator;
  readonly registries: Registries;
  readonly now: () => number;
  /** The server's URL as clients reach it, without a slash at the end. */
  readonly baseUrl: string;
  /** Run for clients without right credentials; may refuse them with 429. */
  readonly limitStrangers: ((request: FastifyRequest, reply: FastifyReply) => Promise<void>) | undefined;
}

/**
 * The first step of every SCIM request, before its body is read: credential and tenant. Discovery is open
 * to clients that give no credentials (RFC 7643 section 5): they see what every tenant has, under any tenant's URL.
 *
 * @throws ScimError 401, also for the credential of another tenant than the URL names; 429
 */
export function authenticateScim({ authenticator, registries, now, baseUrl, limitStrangers }: Settings) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { tenant: domain } = request.params as { tenant?: string };
    const { authorization } = request.headers;
    if (authorization === undefined && mayBeAnonymous(request)) {
      await limitStrangers?.(request, reply);
      const path = domain === undefined ? '' : `/t/${encodeURIComponent(domain.toLowerCase())}`;
      request.anonymousView = { registry: BUILT_IN, baseUrl: `${baseUrl}${path}/scim/v2`, auth: undefined };
      return;
    }
    const grant = await authenticator.authenticate(authorization, now());
    if (grant === undefined || (domain !== undefined && domain.toLowerCase() !== grant.tenant.domain)) {
      await limitStrangers?.(request, reply);
      throw new ScimError(401, 'The request needs the credentials of an integration.');
    }
    const { settings, tenantId } = grant.integration;
    const { definitionRevision } = grant;
    const registry = definitionRevision === 0 ? BUILT_IN : await registries.of(tenantId, definitionRevision);
    request.scim = {
      grant,
      context: {
        tenantId,
        subject: grant.credential.id,
        settings,
        tolerance: toleranceOf(settings.dialect, settings.tolerances),
        precondition: readPrecondition(request.headers['if-match'], request.headers['if-none-match']),
        registry,
        baseUrl: domain === undefined ? `${baseUrl}/scim/v2` : `${baseUrl}/t/${grant.tenant.domain}/scim/v2`,
      },
    };
  };
}

/** Refuses with 403 what the credentials of the integration may not do. */
export function requireScope(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: HookHandlerDoneFunction,
): void {
  const integration = request.scim?.grant.integration;
  const scope = isReading(request) ? 'read' : 'write';
  if (integration === undefined || integration.settings.scopes.includes(scope)) done();
  else done(new ScimError(403, `The integration ${integration.name} may not ${scope}.`));
}

const SAFE_METHODS = new Set(['GET', 'HEAD']);

const isReading = ({ method, routeOptions }: FastifyRequest): boolean =>
  routeOptions.config.isReading ?? SAFE_METHODS.has(method);

const mayBeAnonymous = ({ method, routeOptions }: FastifyRequest): boolean =>
  routeOptions.config.anonymous === true && SAFE_METHODS.has(method);

/** What a discovery endpoint tells about, for a request that has passed `authenticateScim`. */
export function discoveryViewOf(request: FastifyRequest): DiscoveryView {
  if (request.anonymousView !== undefined) return request.anonymousView;
  const { registry, baseUrl } = contextOf(request);
  return { registry, baseUrl, auth: request.scim?.grant.integration.auth };
}

/** The context of a request that has passed `authenticateScim`. */
export function contextOf(request: FastifyRequest): RequestContext {
  if (request.scim === undefined)
    throw new ScimError(401, 'The request needs the credentials of an integration.');
  return request.scim.context;
}
