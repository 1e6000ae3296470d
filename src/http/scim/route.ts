import type {
  FastifyContextConfig,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HTTPMethods,
} from 'fastify';
import { ScimError } from '../../core/error.ts';
import type { ResourceType } from '../../core/resource-type.ts';

type Methods = Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Handler>>;

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

const ALL_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;

export const MIB = 1024 * 1024;

/** Bytes of a body: a group may come with 100,000 members, which are about 5 MB. */
export const bodyLimitOf = (type: ResourceType): number =>
  type.relationAttribute?.relation === 'members' ? 16 * MIB : MIB;

/** Adds the methods of a URL, and for all others a 405 that names them, before any body is read. */
export function route(
  app: FastifyInstance,
  url: string,
  methods: Methods,
  bodyLimit = MIB,
  config: FastifyContextConfig = {},
): void {
  for (const [method, handler] of Object.entries(methods))
    app.route({ method: method as HTTPMethods, url, bodyLimit, config, handler });
  const allow = Object.keys(methods).join(', ');
  app.route({
    method: ALL_METHODS.filter((method) => (methods as Record<string, unknown>)[method] === undefined),
    url,
    config,
    onRequest: async (_request, reply) => {
      reply.header('Allow', allow);
      throw new ScimError(405, `This URL takes ${allow} only.`);
    },
    handler: async () => undefined,
  });
}
