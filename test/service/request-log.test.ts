import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRequestBuffer } from '../../src/service/request-buffer.ts';
import { createRequestLog } from '../../src/service/request-log.ts';
import { createStrangerLimit } from '../../src/service/stranger-limit.ts';
import type { CapturedRequest, RequestLogStore } from '../../src/storage/request-log.ts';
import { NO_TENANT } from '../../src/storage/request-log.ts';
import { createUser } from '../http/messages.ts';
import { capturedRequest } from '../storage/captured-request.ts';
import { requestLogStoreOn, startServer, temporaryStorage } from '../support/server.ts';

const request = (facts = {}): CapturedRequest => capturedRequest('tenantaaaaaa', facts);

/** A store that writes when it is told to. */
function heldStore() {
  const batches: (readonly CapturedRequest[])[] = [];
  let release: (error?: Error) => void = () => {};
  const held = new Promise<void>((resolve, reject) => {
    release = (error) => (error === undefined ? resolve() : reject(error));
  });
  const append = (requests: readonly CapturedRequest[]): Promise<void> => {
    batches.push(requests);
    return held;
  };
  return { append, batches, release: (error?: Error) => release(error) };
}

describe('the buffer of requests', () => {
  it('hands them over together, soon or when there are many', async () => {
    const store = heldStore();
    const buffer = createRequestBuffer(store, () => {});
    buffer.add(request());
    buffer.add(request());
    expect(store.batches).toEqual([]);
    await expect.poll(() => store.batches.map(({ length }) => length)).toEqual([2]);
    for (let index = 0; index < 300; index++) buffer.add(request());
    expect(store.batches.map(({ length }) => length)).toEqual([2, 128, 128]);
    buffer.add(request({ requestBody: 'x'.repeat(300_000) }));
    expect(store.batches.at(-1)).toHaveLength(45);
    store.release();
    await buffer.flush();
    expect(buffer.dropped()).toEqual({ full: 0, failed: 0, strangers: 0 });
  });

  it('holds no more than so many, and counts what it lets go', async () => {
    const store = heldStore();
    const buffer = createRequestBuffer(store, () => {});
    for (let index = 0; index < 20_100; index++) buffer.add(request());
    expect(buffer.dropped().full).toBe(100);
    store.release();
    await buffer.flush();
    buffer.add(request());
    expect(buffer.dropped().full).toBe(100);
    await buffer.flush();
  });

  it('holds no more than so much', () => {
    const store = heldStore();
    const buffer = createRequestBuffer(store, () => {});
    const responseBody = 'x'.repeat(64 * 1024);
    for (let index = 0; index < 1000; index++) buffer.add(request({ responseBody }));
    const kept = store.batches.flat().length;
    expect(kept).toBeGreaterThan(100);
    expect(kept * responseBody.length).toBeLessThan(40 * 1024 * 1024);
    expect(buffer.dropped().full).toBeGreaterThan(400);
  });

  it('counts what could not be written, and tells it once', async () => {
    const store = heldStore();
    const told: unknown[] = [];
    const buffer = createRequestBuffer(store, (error) => told.push(error));
    for (let index = 0; index < 200; index++) buffer.add(request());
    const failure = new Error('no space');
    store.release(failure);
    await buffer.flush();
    expect(buffer.dropped().failed).toBe(200);
    expect(told).toEqual([failure]);
  });
});

it('requests without right credentials are kept at a rate', () => {
  let now = 0;
  const isKept = createStrangerLimit(() => now);
  const keptOf = (number: number, kind: 'named' | 'other') =>
    Array.from({ length: number }, () => isKept(kind)).filter(Boolean).length;
  expect(keptOf(1000, 'other')).toBe(100);
  // those who set up a provider are not shut out by the others
  expect(keptOf(10, 'named')).toBe(10);
  now += 10_000;
  expect(keptOf(1000, 'other')).toBe(20);
  now += 10 * 60_000;
  expect(keptOf(1000, 'other')).toBe(100);
});

describe('the request log', () => {
  let temporary: Awaited<ReturnType<typeof temporaryStorage>>;
  beforeAll(async () => {
    temporary = await temporaryStorage();
  });
  afterAll(() => temporary.close());

  const logOf = (settings: Partial<Parameters<typeof createRequestLog>[0]>) =>
    createRequestLog({
      store: requestLogStoreOn(temporary),
      storage: temporary.storage,
      now: Date.now,
      days: 7,
      keepsBodies: true,
      ...settings,
    });

  it('writes all it has when it is closed', async () => {
    const log = logOf({});
    for (let index = 0; index < 10; index++) log.note(request({ path: `/${index}` }));
    log.noteStranger(
      capturedRequest('', { status: 401, failure: { scimType: undefined, detail: 'x', reason: undefined } }),
      undefined,
    );
    await log.close();
    const again = logOf({});
    const { requests } = await again.list('tenantaaaaaa', { filter: {}, limit: 100 });
    expect(requests).toHaveLength(10);
    const strangers = await again.list(NO_TENANT, { filter: {}, limit: 100 });
    expect(strangers.requests).toMatchObject([{ status: 401, reason: 'no credentials' }]);
    await again.close();
  });

  it('counts those that it could not attribute', async () => {
    const directory = { ...temporary.storage.directory, findTenant: () => Promise.reject(new Error('gone')) };
    const log = logOf({ storage: { ...temporary.storage, directory } });
    log.noteStranger(capturedRequest('', { status: 401 }), 'a.example');
    await log.flush();
    expect(log.dropped()).toEqual({ full: 0, failed: 1, strangers: 0 });
    await log.close();
  });

  it('deletes what is older than its days, and all of it when it is off', async () => {
    const pruned: (readonly [number, string])[] = [];
    const store = {
      prune: async (before: number, hours: string) => pruned.push([before, hours]),
    } as unknown as RequestLogStore;
    const now = () => Date.parse('2026-11-22T03:30:00Z');
    await logOf({ store, now, days: 7 }).prune();
    await logOf({ store, now, days: 0 }).prune();
    expect(pruned).toEqual([
      [Date.parse('2026-11-15T03:30:00Z'), '2026-08-24T03'],
      [now(), '2026-08-24T03'],
    ]);
  });

  it('notes totals once an hour, whoever asks', async () => {
    const noted: unknown[] = [];
    const store = {
      noteTotals: async (...args: unknown[]) => {
        noted.push(args);
      },
    } as unknown as RequestLogStore;
    const server = await startServer({ open: async () => ({ ...temporary, close: async () => {} }) });
    await createUser(await server.connect());
    let now = Date.parse('2030-01-01T00:10:00Z');
    const logs = [logOf({ store, now: () => now }), logOf({ store, now: () => now })];
    await Promise.all(logs.map((log) => log.noteTotals()));
    await logs[0]?.noteTotals();
    expect(noted).toEqual([[server.superTenant.id, { hour: '2030-01-01T00', users: 1, groups: 0 }]]);
    now += 3_600_000;
    await logs[1]?.noteTotals();
    expect(noted).toHaveLength(2);
    await server.close();
  });
});

describe('a server', () => {
  it('keeps no requests when it is told so', async () => {
    const server = await startServer({ requestLogDays: 0 });
    await createUser(await server.connect());
    await server.requestLog.flush();
    const { requests } = await server.requestLog.list(server.superTenant.id, { filter: {}, limit: 10 });
    expect(requests).toEqual([]);
    await server.close();
  });

  it('keeps no bodies when it is told so, and no resources before and after', async () => {
    const server = await startServer({ requestLogDays: 7, requestLogBodies: false });
    const user = await createUser(await server.connect(), { nickName: 'xyzzy-17' });
    await server.requestLog.flush();
    const { requests } = await server.requestLog.list(server.superTenant.id, { filter: {}, limit: 10 });
    const record = await server.requestLog.get(server.superTenant.id, requests[0]?.id ?? '');
    expect(record).toMatchObject({
      status: 201,
      requestBody: undefined,
      responseBody: undefined,
      isReplayable: false,
    });
    expect(record?.requestBytes).toBeGreaterThan(10);
    expect(record?.changes).toMatchObject([{ id: user.id }]);
    expect(JSON.stringify(record)).not.toContain('xyzzy-17');
    await server.close();
  });

  it('stays quick and keeps a part of a flood without right credentials, and counts the rest', async () => {
    const server = await startServer({ requestLogDays: 7 });
    const { authorization } = await server.connect();
    for (let index = 0; index < 300; index++) await server.send('GET', '/scim/v2/Users', {});
    await server.send('GET', '/scim/v2/Users', { authorization: `${authorization}x` });
    await server.requestLog.flush();
    const { requests } = await server.requestLog.list(NO_TENANT, { filter: {}, limit: 1000 });
    expect(requests.length).toBeGreaterThanOrEqual(100);
    expect(requests.length + server.requestLog.dropped().strangers).toBe(300);
    expect(server.requestLog.dropped().strangers).toBeGreaterThan(100);
    const own = await server.requestLog.list(server.superTenant.id, { filter: {}, limit: 10 });
    expect(own.requests).toMatchObject([{ status: 401, reason: 'secret too long' }]);
    const { body } = await server.app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' });
    expect(body).toMatch(/^roster_request_log_dropped_total\{reason="strangers"\} [1-9]\d+$/m);
    await server.close();
  });
});
