import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { ScimError } from '../../core/error.ts';
import { rateLimitOf } from '../../service/integration-settings.ts';
import type { Peers } from '../../service/peers.ts';
import { shareCounts } from '../../service/shared-counts.ts';
import { createAddressBuckets } from './address-buckets.ts';

/** What a client may do, as the RateLimit fields of draft-ietf-httpapi-ratelimit-headers put it. */
interface Policy {
  readonly name: string;
  /** Requests in one window. */
  readonly quota: number;
  /** Seconds. */
  readonly window: number;
}

interface Count {
  readonly policy: Policy;
  /** Requests of the current window, this one included. */
  readonly used: number;
  /** Seconds until the next window. */
  readonly reset: number;
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

const SUSTAINED_WINDOW_S = 10;

/** Clients without right credentials: many users of an organisation may come from one address. */
const ADDRESS_POLICY: Policy = { name: 'address', quota: 500, window: SUSTAINED_WINDOW_S };

/** An address of IPv6 with one of IPv4 at its end has 45 characters, its zone comes on top. */
const LONGEST_ADDRESS = 64;

/**
 * Counts the requests of each key in windows of a fixed length. The quota is compared by the caller, so that it may
 * differ from key to key and change at any time.
 *
 * @param peers the processes that count together with this one
 * @param topic what is counted
 * @param counterOf the name of the counter of a key
 */
function createCounter(
  window: number,
  peers: Peers,
  topic: string,
  counterOf: (key: string) => string = (key) => key,
) {
  const limiter = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: window });
  const note = shareCounts(peers, topic, (key, count) => void limiter.penalty(counterOf(key), count));
  return async (key: string, policy: Policy): Promise<Count> => {
    note(key);
    const { consumedPoints, msBeforeNext } = await limiter.consume(counterOf(key));
    return { policy, used: consumedPoints, reset: Math.max(1, Math.ceil(msBeforeNext / 1000)) };
  };
}

/**
 * Refuses the requests of an integration past its rate, before their bodies are read. Its settings may say another rate
 * than the server's. The processes that serve one port count together; each knows a little later what the others count.
 *
 * @param byDefault requests per second on average over ten seconds, of integrations that say nothing
 * @param peers the other processes
 * @throws ScimError 429, with Retry-After in seconds (RFC 6585 section 4)
 */
export function limitRate(byDefault: number, peers: Peers): Hook {
  const countBurst = createCounter(1, peers, 'burst');
  const countSustained = createCounter(SUSTAINED_WINDOW_S, peers, 'sustained');
  return async (request, reply) => {
    const { subject, settings } = request.scim?.limited ?? {};
    if (subject === undefined || settings === undefined) return;
    const limit = rateLimitOf(settings, byDefault);
    if (limit === undefined) return;
    const { perSecond, burst: inOneSecond } = limit;
    const burst = await countBurst(subject, { name: 'burst', quota: inOneSecond, window: 1 });
    // what is refused by the second takes nothing from the ten
    if (isSpent(burst)) refuse(reply, [burst], `${inOneSecond} requests in one second`);
    const sustained = await countSustained(subject, {
      name: 'sustained',
      quota: perSecond * SUSTAINED_WINDOW_S,
      window: SUSTAINED_WINDOW_S,
    });
    if (isSpent(sustained)) refuse(reply, [burst, sustained], `${perSecond} requests per second`);
    tell(reply, [burst, sustained]);
  };
}

/**
 * Refuses clients without right credentials past a generous rate by address, so that neither discovery nor guessing is
 * free. Right credentials are never refused for what others send from their address. Memory is bounded: addresses share
 * a fixed number of counters.
 *
 * @throws ScimError 429, with Retry-After in seconds
 */
export function limitStrangers(peers: Peers): Hook {
  const count = createCounter(ADDRESS_POLICY.window, peers, 'strangers', createAddressBuckets());
  return async (request, reply) => {
    // what a proxy passes on may be anything
    const counted = await count(request.ip.slice(0, LONGEST_ADDRESS), ADDRESS_POLICY);
    if (isSpent(counted)) refuse(reply, [counted], 'fewer requests without right credentials');
  };
}

const isSpent = ({ policy, used }: Count): boolean => used > policy.quota;

function refuse(reply: FastifyReply, counts: readonly Count[], allowed: string): never {
  tell(reply, counts);
  const retryAfter = counts.at(-1)?.reset ?? 1;
  const detail = `Too many requests: this client may make ${allowed}. Try again in ${retryAfter} s.`;
  throw new ScimError(429, detail, undefined, { retryAfter });
}

/** Section 3 and 4 of the draft: the policies, and what is left of them. */
function tell(reply: FastifyReply, counts: readonly Count[]): void {
  let policies = '';
  let limits = '';
  for (const { policy, used, reset } of counts) {
    const separator = policies === '' ? '' : ', ';
    policies += `${separator}"${policy.name}";q=${policy.quota};w=${policy.window}`;
    limits += `${separator}"${policy.name}";r=${Math.max(0, policy.quota - used)};t=${reset}`;
  }
  reply.header('RateLimit-Policy', policies).header('RateLimit', limits);
}
