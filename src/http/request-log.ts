import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/**
 * One line per answered request; never a body, a credential or a filter value. Of a refusal it has the kind: the detail
 * that the client gets may repeat what it has sent.
 */
export function logAnswer(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  done();
  if (!(request.log as Logger).isLevelEnabled('info')) return;
  const { scim, failure } = request;
  request.log.info(
    {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ...(failure?.scimType && { scimType: failure.scimType }),
      ...(failure?.reason && { reason: failure.reason }),
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...(scim && {
        tenant: scim.tenant.domain,
        ...(scim.grant
          ? { integration: scim.grant.integration.name, credential: scim.grant.credential.suffix }
          : { user: scim.context.subject }),
        ...(scim.context.tolerance.used.size > 0 && { tolerances: [...scim.context.tolerance.used] }),
      }),
    },
    'request',
  );
}
