import type { FastifyRequest } from 'fastify';
import type { OperatorServices } from '../../service/operator-services.ts';
import type { Guard } from './mount.ts';
import type { SessionCookies } from './session-cookies.ts';

const BEARER = /^Bearer +([^\s]+) *$/i;

/**
 * Who makes a request of the admin API: by an API key, or else by the cookie of a session. With an Authorization header the
 * cookie counts for nothing, since such a request is not asked whether it comes from the console.
 */
export const authenticateOperator =
  (
    { keys, sessions }: Pick<OperatorServices, 'keys' | 'sessions'>,
    cookies: SessionCookies,
  ): Guard['identify'] =>
  async (request: FastifyRequest) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const token = BEARER.exec(authorization)?.[1];
      const found = token === undefined ? undefined : await keys.authenticate(token);
      return found && { operator: found.operator, session: undefined };
    }
    const secret = cookies.read(request, 'session');
    return secret === undefined ? undefined : sessions.find(secret);
  };
