import type { FastifyRequest } from 'fastify';
import type { Operator } from '../../service/operator.ts';
import type { LiveSession } from '../../service/sessions.ts';
import type { Actor } from './services.ts';

/** Who makes a request of the admin API. */
export interface Caller {
  readonly operator: Operator;
  /** By a session of the console; undefined: by an API key. */
  readonly session: LiveSession | undefined;
}

/**
 * Who does something by a request, as the audit names them.
 *
 * @param operator when it is not who makes the request, such as somebody who signs in
 */
export const actorOf = (
  request: FastifyRequest,
  caller: Caller | undefined,
  operator: Pick<Operator, 'id' | 'email'> | undefined = caller?.operator,
): Actor => ({
  kind: 'operator',
  id: operator?.id ?? 'unknown',
  name: operator?.email ?? 'somebody who has not signed in',
  via: caller !== undefined && caller.session === undefined ? 'api' : 'console',
  address: request.ip,
  requestId: request.id,
});
