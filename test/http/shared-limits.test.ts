import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Peers } from '../../src/service/peers.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Processes that can hear each other. */
function joined(count: number): Peers[] {
  const hearing = Array.from({ length: count }, () => new Map<string, (message: unknown) => void>());
  return hearing.map((own) => ({
    tell: (topic, message) => {
      for (const other of hearing) if (other !== own) other.get(topic)?.(structuredClone(message));
    },
    hear: (topic, take) => own.set(topic, take),
    ask: async () => [],
    answer: () => {},
  }));
}

let servers: TestServer[];
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.now() });
  servers = await Promise.all(joined(2).map((peers) => startServer({ rateLimit: 100, peers })));
});
afterAll(async () => {
  vi.useRealTimers();
  await Promise.all(servers.map((server) => server.close()));
});

async function send(server: number, times: number, remoteAddress: string, authorization: string) {
  const statuses = new Map<number, number>();
  for (let count = 0; count < times; count++) {
    const request = { method: 'GET', url: '/scim/v2/Me', remoteAddress, headers: { authorization } } as const;
    const { statusCode } = await (servers[server] as TestServer).app.inject(request);
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
  }
  return Object.fromEntries(statuses);
}

it('processes of one port count requests without right credentials together', async () => {
  const wrong = 'Bearer wrong';
  expect(await send(0, 300, '192.0.2.1', wrong)).toEqual({ 401: 300 });
  vi.advanceTimersByTime(100);
  expect(await send(1, 250, '192.0.2.1', wrong)).toEqual({ 401: 200, 429: 50 });
  expect(await send(1, 1, '192.0.2.2', wrong)).toEqual({ 401: 1 });
  vi.advanceTimersByTime(100);
  expect(await send(0, 1, '192.0.2.1', wrong)).toEqual({ 429: 1 });
  vi.advanceTimersByTime(10_000);
  expect(await send(0, 1, '192.0.2.1', wrong)).toEqual({ 401: 1 });
});

it('and wrong passwords', async () => {
  const wrong = `Basic ${Buffer.from('ann:wrong').toString('base64')}`;
  expect(await send(0, 6, '192.0.2.3', wrong)).toEqual({ 401: 6 });
  vi.advanceTimersByTime(100);
  expect(await send(1, 6, '192.0.2.3', wrong)).toEqual({ 401: 4, 429: 2 });
});
