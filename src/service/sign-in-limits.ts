import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from './network.ts';
import type { Peers } from './peers.ts';
import { ServiceError } from './service-error.ts';
import { shareCounts } from './shared-counts.ts';

const WINDOW_S = 300;

/** Wrong answers within the window. */
const FAILURES = {
  /** Of one e-mail address, from one network. */
  email: 10,
  /** Of any, from one network. */
  network: 100,
  /** From a device that the operator has signed in on before. */
  device: 20,
  /** Codes behind a password that was right: from all devices that are not known, or from one that is. */
  code: 20,
} as const;

/** Tries that are under way or have failed. */
export interface Tries {
  /** They have failed: the other processes count them, too. */
  failed(): void;
  /** It was the right person. */
  succeeded(): Promise<void>;
}

/** Makes guessing slow, so that nobody can lock out an operator who is elsewhere or on a device of theirs. */
export interface SignInLimits {
  /**
   * Counts a try to sign in before it is known how it ends: so nobody tries many at once.
   *
   * @param deviceId of a device that is known to be this operator's
   * @throws ServiceError tooMany
   */
  take(email: string, address: string, deviceId: string | undefined): Promise<Tries>;
  /** The same for the code behind a right password. */
  takeCode(operatorId: string, deviceId: string | undefined): Promise<Tries>;
}

/** @param peers the processes that count together with this one */
export function createSignInLimits(peers: Peers): SignInLimits {
  const counter = (name: keyof typeof FAILURES) => {
    const limiter = new RateLimiterMemory({ points: FAILURES[name], duration: WINDOW_S });
    const note = shareCounts(peers, `failed sign-ins by ${name}`, (key, count) => {
      limiter.penalty(key, count).catch(() => {});
    });
    return { limiter, note };
  };
  const counters = {
    email: counter('email'),
    network: counter('network'),
    device: counter('device'),
    code: counter('code'),
  };

  async function takeAll(keys: readonly (readonly [keyof typeof FAILURES, string])[]): Promise<Tries> {
    for (const [index, [name, key]] of keys.entries())
      try {
        await counters[name].limiter.consume(key);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        // what is refused is not tried
        for (const [taken, takenKey] of keys.slice(0, index + 1))
          await counters[taken].limiter.reward(takenKey, 1);
        throw tooMany(error.msBeforeNext);
      }
    return {
      failed() {
        for (const [name, key] of keys) counters[name].note(key);
      },
      async succeeded() {
        for (const [name, key] of keys)
          if (name === 'network') await counters.network.limiter.reward(key, 1);
          else await counters[name].limiter.delete(key);
      },
    };
  }

  return {
    take(email, address, deviceId) {
      if (deviceId !== undefined) return takeAll([['device', deviceId]]);
      const network = networkOf(address.slice(0, 64));
      return takeAll([
        ['network', network],
        ['email', `${network} ${email.slice(0, 254)}`],
      ]);
    },

    takeCode: (operatorId, deviceId) =>
      // apart from the passwords of the device, which are right when a code is guessed
      takeAll([['code', deviceId === undefined ? operatorId : `${operatorId} ${deviceId}`]]),
  };
}

function tooMany(msBeforeNext: number): ServiceError {
  const retryAfter = Math.max(1, Math.ceil(msBeforeNext / 1000));
  const minutes = Math.ceil(retryAfter / 60);
  return new ServiceError(
    'tooMany',
    `Too many tries with a wrong password or code. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    { retryAfter },
  );
}
