import type { FastifyRequest } from 'fastify';
import type { RequestContext } from '../../service/context.ts';
import type { Caller } from './mount.ts';

/** Who the changes of a request are put down to. */
export const actorOf = (
  { operator: { id, email }, session }: Caller,
  request: FastifyRequest,
): RequestContext['actor'] => ({
  ...{ kind: 'operator', id, name: email, via: session === undefined ? 'api' : 'console' },
  ...{ address: request.ip, requestId: request.id },
});
