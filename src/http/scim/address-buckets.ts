import { randomInt } from 'node:crypto';
import { networkOf } from '../../service/network.ts';

const BUCKETS = 16_384;

/**
 * Maps addresses to a fixed number of names, so that what is counted by address takes a bounded memory. The mapping is
 * another one in each process: nobody can choose an address that shares a counter with a given other one. Addresses of
 * IPv6 are taken by their network of 64 bits, which is what one host gets.
 */
export function createAddressBuckets(): (address: string) => string {
  const seed = randomInt(2 ** 32);
  return (address) => {
    let hash = seed;
    for (const letter of networkOf(address)) {
      hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
      hash ^= hash >>> 15;
    }
    return String((hash >>> 0) % BUCKETS);
  };
}
