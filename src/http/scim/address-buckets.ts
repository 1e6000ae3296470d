import { randomInt } from 'node:crypto';

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

/** An IPv4 address as it is, also one in IPv6 form; of an IPv6 address the first four groups. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const first = groupsOf(head);
  const last = groupsOf(tail ?? '');
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0');
  return [...first, ...zeros, ...last].slice(0, 4).join(':');
}
