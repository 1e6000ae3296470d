import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ScimError } from '../../core/error.ts';

/** Requests are counted over this time, so that a burst of several seconds' worth passes. */
const WINDOW_S = 10;

/**
 * Refuses the requests of an integration past its rate, before their bodies are read. Each server process counts for
 * itself.
 *
 * @param requestsPerSecond on average over ten seconds
 * @throws ScimError 429, with Retry-After in seconds (RFC 6585 section 4)
 */
export function limitRate(requestsPerSecond: number) {
  const limiter = new RateLimiterMemory({ points: requestsPerSecond * WINDOW_S, duration: WINDOW_S });
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const integration = request.scim?.grant.integration;
    if (integration === undefined) return;
    try {
      await limiter.consume(integration.id);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      reply.header('Retry-After', Math.max(1, Math.ceil(refused.msBeforeNext / 1000)));
      throw new ScimError(429, `The integration may make ${requestsPerSecond} requests per second.`);
    }
  };
}
