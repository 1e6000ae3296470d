import { expect, test } from 'vitest';
import { createAddressBuckets } from '../../src/http/scim/address-buckets.ts';

const bucketOf = createAddressBuckets();

test.each([
  ['an IPv4 address in IPv6 form', '192.0.2.1', '::ffff:192.0.2.1'],
  ['addresses of one network', '2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff'],
  ['forms of one address', '2001:DB8::1', '2001:db8:0:0:0:0:0:1'],
  ['zeros in the middle', '2001:0:0:1:5:6:7:8', '2001::1:5:6:7:8'],
  ['the loopback address', '::1', '0:0:0:0:0:0:0:1'],
])('%s share a bucket: %s and %s', (_, one, other) => {
  expect(bucketOf(one)).toBe(bucketOf(other));
});

test('many addresses spread over a bounded number of buckets', () => {
  const buckets = new Set<string>();
  for (let index = 0; index < 100_000; index++)
    buckets.add(bucketOf(`${index % 7}.${index >> 16}.${(index >> 8) % 256}.${index % 256}`));
  expect(buckets.size).toBeLessThanOrEqual(16_384);
  expect(buckets.size).toBeGreaterThan(14_000);
  const networks = new Set(Array.from({ length: 1000 }, (_, index) => bucketOf(`2001:db8:1:${index}::1`)));
  expect(networks.size).toBeGreaterThan(900);
});

test('what is no address has a bucket too', () => {
  for (const text of ['', 'unknown', ':', '::', 'a::b::c', '😀', 'x'.repeat(10_000)])
    expect(bucketOf(text)).toMatch(/^\d{1,5}$/);
});

test('another process has other buckets', () => {
  const other = createAddressBuckets();
  const addresses = Array.from({ length: 100 }, (_, index) => `192.0.2.${index}`);
  expect(addresses.filter((address) => bucketOf(address) === other(address)).length).toBeLessThan(10);
});
