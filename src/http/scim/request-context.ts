import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { ScimError } from '../../core/error.ts';
import { readPrecondition } from '../../core/etag.ts';
import { BUILT_IN, type Registry } from '../../core/registry.ts';
import type { Authenticator } from '../../service/authenticate.ts';
import type { RequestContext } from '../../service/context.ts';
import type { Permission } from '../../service/permissions.ts';
import type { Registries } from '../../service/registries.ts';
import type { SignIns } from '../../service/sign-in.ts';
import type { Protocol } from './protocol.ts';

type CredentialGrant = NonNullable<Awaited<ReturnType<Authenticator['authenticate']>>>;
type Tenant = CredentialGrant['tenant'];
type IntegrationSettings = CredentialGrant['integration']['settings'];

/** What the hooks have found out about a SCIM request. */
interface ScimRequest {
  readonly tenant: Tenant;
  /** undefined: no integration makes the request, but a user. */
  readonly grant: CredentialGrant | undefined;
  readonly context: RequestContext;
  /** Those of the tenant. */
  readonly userStores: CredentialGrant['userStores'];
  /** By what requests are counted, and the settings that limit them. */
  readonly limited: { readonly subject: string; readonly settings: IntegrationSettings };
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
    /** Whether users who have signed in may send requests, and not integrations alone. */
    readonly forUsers?: boolean;
    /** What groups have to permit a user who reads, where a protocol asks for that. */
    readonly readingPermission?: Permission;
    /** Whether requests change nothing, so that a credential that may only read is enough; by method when not said. */
    isReading?: boolean;
  }
}

interface Settings {
  readonly authenticator: Authenticator;
  readonly signIns: SignIns;
  readonly registries: Registries;
  readonly now: () => number;
  /** The server's URL as clients reach it, without a slash at the end. */
  readonly baseUrl: string;
  readonly protocol: Protocol;
  /** The path of the endpoints below that URL, and below that of a tenant. */
  readonly path: string;
  /** Run for clients without right credentials; may refuse them with 429. */
  readonly limitStrangers: ((request: FastifyRequest, reply: FastifyReply) => Promise<void>) | undefined;
}

/**
 * The first step of every SCIM request, before its body is read: credential and tenant. Discovery is open
 * to clients that give no credentials (RFC 7643 section 5): they see what every tenant has, under any tenant's URL.
 *
 * @throws ScimError 401, also for the credential of another tenant than the URL names; 429
 */
export function authenticateScim({
  authenticator,
  signIns,
  registries,
  now,
  baseUrl,
  protocol,
  path,
  limitStrangers,
}: Settings) {
  const rootOf = (domain: string | undefined): string =>
    domain === undefined ? `${baseUrl}${path}` : `${baseUrl}/t/${encodeURIComponent(domain)}${path}`;

  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { tenant: domain } = request.params as { tenant?: string };
    const { authorization } = request.headers;
    if (authorization === undefined && mayBeAnonymous(request)) {
      await limitStrangers?.(request, reply);
      request.anonymousView = { registry: BUILT_IN, baseUrl: rootOf(domain?.toLowerCase()), auth: undefined };
      return;
    }
    const grant = await authenticator.authenticate(authorization, now());
    const user = grant ? undefined : await signIns.signIn(authorization, domain, request.ip);
    const tenant = grant?.tenant ?? user?.tenant;
    if (tenant === undefined || (domain !== undefined && domain.toLowerCase() !== tenant.domain)) {
      await limitStrangers?.(request, reply);
      const kind = authorization === undefined ? 'none' : tenant === undefined ? 'wrong' : 'otherTenant';
      throw unauthorized(kind, protocol.asksGroups || request.routeOptions.config.forUsers === true);
    }
    const given = grant?.integration.settings ?? SETTINGS_OF_USERS;
    const settings = protocol.settingsOf(given);
    const revision = (grant ?? user)?.definitionRevision ?? 0;
    const userStores = (grant ?? user)?.userStores ?? [];
    request.scim = {
      tenant,
      grant,
      userStores,
      context: {
        tenantId: tenant.id,
        actor: actorOf(request, grant, user),
        changes: [],
        subject: grant?.credential.id ?? user?.userId ?? '',
        isOwn: user !== undefined && !protocol.asksGroups,
        fixedStores: protocol.asksGroups,
        settings,
        tolerance: protocol.tolerancesOf(given),
        precondition: protocol.hasVersions
          ? readPrecondition(request.headers['if-match'], request.headers['if-none-match'])
          : undefined,
        registry: revision === 0 ? BUILT_IN : await registries.of(tenant.id, revision),
        form: protocol.formOf(userStores),
        baseUrl: rootOf(domain && tenant.domain),
      },
      limited: { subject: grant?.integration.id ?? user?.userId ?? '', settings },
    };
  };
}

/** What is wrong with credentials is for the log alone: an answer that tells helps those who guess. */
const REFUSED_CREDENTIALS = {
  none: 'no credentials',
  wrong: 'credentials unknown or ended',
  otherTenant: 'credentials of another tenant',
} as const;

/** @param forUsers whether users may send the request, too */
function unauthorized(kind: keyof typeof REFUSED_CREDENTIALS, forUsers: boolean): ScimError {
  const alternative = forUsers ? ', or the name and password of a user' : '';
  const detail = `The request needs the credentials of an integration${alternative}.`;
  return new ScimError(401, detail, undefined, { reason: REFUSED_CREDENTIALS[kind] });
}

/** Who a request is put down to: an integration, or the user who has signed in. */
const actorOf = (
  request: FastifyRequest,
  grant: CredentialGrant | undefined,
  user: Awaited<ReturnType<SignIns['signIn']>>,
): RequestContext['actor'] => ({
  ...(grant === undefined
    ? { kind: 'user', id: user?.userId ?? '', name: user?.userName ?? '' }
    : { kind: 'integration', id: grant.integration.id, name: grant.integration.name }),
  ...{ via: 'scim', address: request.ip, requestId: request.id },
});

const SETTINGS_OF_USERS: IntegrationSettings = {
  dialect: 'standard',
  requirePrimaryEmail: false,
  scopes: ['read', 'write'],
};

/** Refuses with 403 what the credentials may not do. */
export function requireScope(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: HookHandlerDoneFunction,
): void {
  const { scim, routeOptions } = request;
  const scope = isReading(request) ? 'read' : 'write';
  if (scim?.context.isOwn && !routeOptions.config.forUsers && !mayBeAnonymous(request))
    done(new ScimError(403, 'Users may read and change themselves, at /Me, and nothing else.'));
  else if (scim?.grant === undefined || scim.context.settings.scopes.includes(scope)) done();
  else done(new ScimError(403, `The integration ${scim.grant.integration.name} may not ${scope}.`));
}

const SAFE_METHODS = new Set(['GET', 'HEAD']);

export const isReading = ({ method, routeOptions }: FastifyRequest): boolean =>
  routeOptions.config.isReading ?? SAFE_METHODS.has(method);

const mayBeAnonymous = ({ method, routeOptions }: FastifyRequest): boolean =>
  routeOptions.config.anonymous === true && SAFE_METHODS.has(method);

/** What a discovery endpoint tells about, for a request that has passed `authenticateScim`. */
export function discoveryViewOf(request: FastifyRequest): DiscoveryView {
  if (request.anonymousView !== undefined) return request.anonymousView;
  const { registry, baseUrl } = contextOf(request);
  return { registry, baseUrl, auth: request.scim?.grant?.integration.auth };
}

/** The context of a request that has passed `authenticateScim`. */
export function contextOf(request: FastifyRequest): RequestContext {
  if (request.scim === undefined) throw unauthorized('none', false);
  return request.scim.context;
}
