import type { FastifyRequest } from 'fastify';
import { ScimError } from '../../core/error.ts';
import { readPrecondition } from '../../core/etag.ts';
import { BUILT_IN } from '../../core/registry.ts';
import { toleranceOf } from '../../core/tolerance.ts';
import type { Authenticator } from '../../service/authenticate.ts';
import type { RequestContext } from '../../service/context.ts';

type CredentialGrant = NonNullable<Awaited<ReturnType<Authenticator['authenticate']>>>;

/** What the hooks have found out about a SCIM request. */
interface ScimRequest {
  readonly grant: CredentialGrant;
  readonly context: RequestContext;
}

declare module 'fastify' {
  interface FastifyRequest {
    scim: ScimRequest | undefined;
  }
  interface FastifyContextConfig {
    /** Whether requests change nothing, so that a credential that may only read is enough. */
    isReading?: boolean;
  }
}

interface Settings {
  readonly authenticator: Authenticator;
  readonly now: () => number;
  /** The server's URL as clients reach it, without a slash at the end. */
  readonly baseUrl: string;
}

/**
 * The first step of every SCIM request, before its body is read: credential, tenant, right to do it.
 *
 * @throws ScimError 401, also for the credential of another tenant than the URL names; 403
 */
export function authenticateScim({ authenticator, now, baseUrl }: Settings) {
  return async (request: FastifyRequest): Promise<void> => {
    const grant = await authenticator.authenticate(request.headers.authorization, now());
    const { tenant: domain } = request.params as { tenant?: string };
    if (grant === undefined || (domain !== undefined && domain.toLowerCase() !== grant.tenant.domain))
      throw new ScimError(401, 'The request needs the credentials of an integration.');
    const { settings, tenantId } = grant.integration;
    request.scim = {
      grant,
      context: {
        tenantId,
        subject: grant.credential.id,
        settings,
        tolerance: toleranceOf(settings.dialect, settings.tolerances),
        precondition: readPrecondition(request.headers['if-match'], request.headers['if-none-match']),
        registry: BUILT_IN,
        baseUrl: domain === undefined ? `${baseUrl}/scim/v2` : `${baseUrl}/t/${grant.tenant.domain}/scim/v2`,
      },
    };
    const scope = request.routeOptions.config.isReading ? 'read' : 'write';
    if (!settings.scopes.includes(scope))
      throw new ScimError(403, `The integration ${grant.integration.name} may not ${scope}.`);
  };
}

/** The context of a request that has passed `authenticateScim`. */
export function contextOf(request: FastifyRequest): RequestContext {
  if (request.scim === undefined)
    throw new ScimError(401, 'The request needs the credentials of an integration.');
  return request.scim.context;
}
