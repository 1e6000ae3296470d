import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestFilter, RequestLogStore } from '../../src/storage/request-log.ts';
import { createRequestLogReader } from '../../src/storage/sql/request-log-reader.ts';
import { isOnPostgres, requestLogStoreOn, temporaryEngine, temporaryStorage } from '../support/server.ts';
import { capturedRequest } from './captured-request.ts';
import { storeOf, tenantOf } from './directory-contract.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TODAY = Date.parse('2026-11-22T03:00:00.000Z');

let temporary: Awaited<ReturnType<typeof temporaryStorage>>;
let store: RequestLogStore;
const threads: Worker[] = [];

beforeAll(async () => {
  temporary = await temporaryStorage();
  store = requestLogStoreOn(temporary, (thread) => threads.push(thread));
});
afterAll(async () => {
  await store.close();
  await temporary.close();
});

/** A tenant of its own for a test. */
async function newTenant(domain: string): Promise<string> {
  const tenant = tenantOf(domain);
  await temporary.storage.directory.createTenant(tenant, storeOf(tenant.id, 'PRIMARY'));
  return tenant.id;
}

async function pathsOf(tenantId: string, filter: RequestFilter = {}): Promise<string[]> {
  const { requests } = await store.list(tenantId, { filter, limit: 1000 });
  return requests.map(({ path }) => path);
}

describe('the store of requests', () => {
  it('keeps those of one tenant from the others', async () => {
    const [a, b] = [await newTenant('a.example'), await newTenant('b.example')];
    await store.append([
      capturedRequest(a, { path: '/1' }),
      capturedRequest(b, { path: '/2' }),
      capturedRequest(a, { path: '/3' }),
    ]);
    expect(await pathsOf(a)).toEqual(['/3', '/1']);
    expect(await pathsOf(b)).toEqual(['/2']);
    const [request] = (await store.list(a, { filter: {}, limit: 1 })).requests;
    expect(await store.get(b, request?.id ?? '')).toBeUndefined();
    expect(await store.get(a, request?.id ?? '')).toMatchObject({
      path: '/3',
      responseBody: '{}',
      changes: [],
    });
  });

  it('keeps texts of any kind', async () => {
    const tenant = await newTenant('texts.example');
    const path = `/${'x'.repeat(10_000)}`;
    await store.append([
      capturedRequest(tenant, {
        path,
        source: { userAgent: 'a\0b\ud800' },
        requestBody: '{"a":"\\u0000\\ud800"}',
        failure: { scimType: undefined, detail: "'; DROP TABLE request_log; --", reason: undefined },
      }),
    ]);
    const [request] = (await store.list(tenant, { filter: {}, limit: 1 })).requests;
    expect(request).toMatchObject({ userAgent: 'ab\ufffd', detail: "'; DROP TABLE request_log; --" });
    expect(path.startsWith(request?.path ?? '?')).toBe(true);
    expect((await store.get(tenant, request?.id ?? ''))?.requestBody).toBe('{"a":"\\u0000\\ud800"}');
  });

  it('pages by what a filter leaves, however little that is', async () => {
    const tenant = await newTenant('pages.example');
    const number = 12_000;
    const all = Array.from({ length: number }, (_, index) =>
      capturedRequest(tenant, {
        path: `/${index}`,
        time: TODAY + index,
        source: { method: index === 5 ? 'PUT' : 'GET' },
        resourceId: undefined,
        responseBody: undefined,
      }),
    );
    for (let from = 0; from < number; from += 1000) await store.append(all.slice(from, from + 1000));
    const first = await store.list(tenant, { filter: { method: 'PUT' }, limit: 10 });
    expect([first.requests, typeof first.next]).toEqual([[], 'string']);
    const second = await store.list(tenant, { filter: { method: 'PUT' }, before: first.next, limit: 10 });
    expect([second.requests.map(({ path }) => path), second.next]).toEqual([['/5'], undefined]);
    const newer = await store.list(tenant, { filter: { since: TODAY + number - 3 }, limit: 10 });
    expect(newer.requests.map(({ path }) => path)).toEqual(['/11999', '/11998', '/11997']);
    const behind = await store.list(tenant, { filter: {}, after: newer.requests[1]?.id, limit: 10 });
    expect(behind.requests.map(({ path }) => path)).toEqual(['/11999']);
  });

  it('finds a request of several resources by each of them, in pages', async () => {
    const tenant = await newTenant('resources.example');
    const none = { ids: [], total: 0 };
    const change = { type: 'Group', name: 'g', before: undefined, after: undefined, membersRemoved: none };
    for (let index = 0; index < 6; index++)
      await store.append([
        capturedRequest(tenant, { path: `/named/${index}`, resourceId: 'u1' }),
        capturedRequest(tenant, {
          path: `/changed/${index}`,
          resourceId: `g${index}`,
          changes: [{ ...change, id: `g${index}`, membersAdded: { ids: ['u1', 'u2'], total: 2 } }],
        }),
        capturedRequest(tenant, { path: '/other', resourceId: 'u3' }),
      ]);
    expect(await pathsOf(tenant, { resourceId: 'u2' })).toHaveLength(6);
    const all = await pathsOf(tenant, { resourceId: 'u1' });
    expect(all).toHaveLength(12);
    const seen: string[] = [];
    for (let before: string | undefined; ; ) {
      const page = await store.list(tenant, { filter: { resourceId: 'u1' }, before, limit: 5 });
      seen.push(...page.requests.map(({ path }) => path));
      if (page.next === undefined) break;
      before = page.next;
    }
    expect(seen).toEqual(all);
  });

  it('counts by the hour and integration, batch by batch', async () => {
    const tenant = await newTenant('hours.example');
    const batch = (time: number) => [
      capturedRequest(tenant, { time, ms: 2 }),
      capturedRequest(tenant, { time, status: 404, ms: 1 }),
      capturedRequest(tenant, { time, status: 503, ms: 1, source: { integrationId: undefined } }),
    ];
    await store.append(batch(TODAY));
    await store.append(batch(TODAY + 1));
    await store.append(batch(TODAY + HOUR));
    expect(await store.listHours(tenant, '2026-11-22T03')).toEqual([
      { hour: '2026-11-22T03', integrationId: undefined, requests: 2, refused: 0, failed: 2, ms: 2 },
      { hour: '2026-11-22T03', integrationId: 'i1', requests: 4, refused: 2, failed: 0, ms: 6 },
      { hour: '2026-11-22T04', integrationId: undefined, requests: 1, refused: 0, failed: 1, ms: 1 },
      { hour: '2026-11-22T04', integrationId: 'i1', requests: 2, refused: 1, failed: 0, ms: 3 },
    ]);
    expect(await store.listHours(tenant, '2026-11-22T04')).toHaveLength(2);
    expect(await store.listActivity(tenant)).toMatchObject([
      { integrationId: 'i1', lastRequest: '2026-11-22T04:00:00.000Z', lastErrorStatus: 404 },
    ]);
    await store.noteTotals(tenant, { hour: '2026-11-22T03', users: 5, groups: 1 });
    await store.noteTotals(tenant, { hour: '2026-11-22T03', users: 9, groups: 9 });
    expect(await store.listTotals(tenant, '2026-11-22T00')).toEqual([
      { hour: '2026-11-22T03', users: 5, groups: 1 },
    ]);
  });

  it('deletes what is old, with all that belongs to it', async () => {
    const tenant = await newTenant('old.example');
    const old = Array.from({ length: 1200 }, (_, index) =>
      capturedRequest(tenant, {
        path: '/old',
        time: TODAY - 8 * DAY + index,
        tolerances: ['boolean-as-string'],
      }),
    );
    await store.append(old);
    await store.append([
      capturedRequest(tenant, { path: '/new', time: TODAY, tolerances: ['boolean-as-string'] }),
    ]);
    expect(await store.prune(TODAY - 7 * DAY, '2026-11-20T00')).toBeGreaterThanOrEqual(1200);
    expect(await pathsOf(tenant)).toEqual(['/new']);
    expect(await pathsOf(tenant, { tolerance: 'boolean-as-string' })).toEqual(['/new']);
    expect((await store.listHours(tenant, '')).map(({ hour }) => hour)).toEqual(['2026-11-22T03']);
    expect(await store.prune(TODAY - 7 * DAY, '2026-11-20T00')).toBe(0);
  });

  it('goes on with another thread when one has ended, and loses what that one had', async () => {
    const tenant = await newTenant('crash.example');
    await store.append([capturedRequest(tenant, { path: '/before' })]);
    const thread = threads.at(-1) as Worker;
    const lost = store.append([capturedRequest(tenant, { path: '/lost' })]);
    const outcome = lost.then(
      () => 'written',
      () => 'lost',
    );
    await thread.terminate();
    const isWritten = (await outcome) === 'written';
    // not at once, so that a thread that always ends is no loop
    await expect(store.append([capturedRequest(tenant)])).rejects.toThrow();
    await expect
      .poll(
        () =>
          store.append([capturedRequest(tenant, { path: '/after' })]).then(
            () => 'written',
            () => 'refused',
          ),
        {
          timeout: 20_000,
          interval: 200,
        },
      )
      .toBe('written');
    const paths = await pathsOf(tenant);
    expect(paths.filter((path) => path !== '/after')).toEqual(isWritten ? ['/lost', '/before'] : ['/before']);
    expect(paths[0]).toBe('/after');
  });
});

if (!isOnPostgres)
  it('keeps a file of its own that nobody else may read, made when it is needed', async () => {
    const { statSync, existsSync } = await import('node:fs');
    const { join } = await import('node:path');
    const other = await temporaryStorage();
    const own = requestLogStoreOn(other);
    const file = join(other.directory, 'requests.db');
    await own.prune(TODAY, '');
    await own.forgetTenant('t1');
    expect(existsSync(file)).toBe(false);
    expect(await own.list('t1', { filter: {}, limit: 1 })).toEqual({ requests: [], next: undefined });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await own.close();
    await other.close();
  });
else
  it('asks by statements that engines which spread tenants can carry out', async () => {
    const { engine, close } = await temporaryEngine();
    const reader = createRequestLogReader(async (tenantId) => engine.of(tenantId).scanner);
    const filters: RequestFilter[] = [
      {},
      { integrationId: 'i', provider: 'okta', method: 'GET', status: 4, path: '/', requestId: 'x' },
      { status: 404, since: 1, until: 2 },
      { tolerance: 'x', integrationId: 'i' },
      { resourceId: 'x', integrationId: 'i', method: 'GET' },
    ];
    for (const filter of filters)
      expect((await reader.list('tenantaaaaaa', { filter, limit: 10 })).requests).toEqual([]);
    expect(await reader.get('tenantaaaaaa', 'x')).toBeUndefined();
    for (const list of [reader.listHours, reader.listTotals])
      expect(await list('tenantaaaaaa', '')).toEqual([]);
    expect(await reader.listActivity('tenantaaaaaa')).toEqual([]);
    await close();
  });
