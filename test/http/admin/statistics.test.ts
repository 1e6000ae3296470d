import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IntegrationActivity, RequestHour, TenantHour } from '../../../src/storage/request-log.ts';
import { userBody } from '../messages.ts';
import { type AcmeServer, authorizationOf, startAcme } from './acme-server.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-22T10:20:00Z');

const hours: RequestHour[] = [];
const totals: TenantHour[] = [];
let activity: IntegrationActivity[] = [];
let acmeId = '';

let at: AcmeServer;
let integrationId: string;

const hourAt = (time: number): string => new Date(time).toISOString().slice(0, 13);
const ofAcme = <Row>(tenantId: string, rows: readonly Row[]): Row[] => (tenantId === acmeId ? [...rows] : []);

beforeAll(async () => {
  at = await startAcme({
    now: () => NOW,
    traffic: {
      listHours: async (tenantId, since) =>
        ofAcme(tenantId, hours).filter(({ hour }) => hour >= hourAt(since)),
      listTotals: async (tenantId, since) =>
        ofAcme(tenantId, totals).filter(({ hour }) => hour >= hourAt(since)),
      listActivity: async (tenantId) => ofAcme(tenantId, activity),
    },
  });
  acmeId = at.acme.id;
  const { json } = await at.admin.request('POST', '/tenants/acme.com/integrations', { name: 'Entra ID' });
  integrationId = json.integration.id;
  const user = await at.server.send(
    'POST',
    '/scim/v2/Users',
    { authorization: authorizationOf(json.secret), 'content-type': 'application/scim+json' },
    JSON.stringify(userBody()),
  );
  expect(user.status).toBe(201);
  hours.push(
    { hour: hourAt(NOW - 2 * HOUR), integrationId, requests: 10, refused: 3, failed: 1, ms: 25 },
    { hour: hourAt(NOW - 2 * HOUR), integrationId: undefined, requests: 2, refused: 2, failed: 0, ms: 5 },
    { hour: hourAt(NOW), integrationId, requests: 4, refused: 0, failed: 0, ms: 8 },
  );
  totals.push({ hour: hourAt(NOW - 2 * HOUR), users: 7, groups: 2 });
});
afterAll(() => at.server.close());

describe('statistics of the admin API', () => {
  it('have a point for every hour of a day', async () => {
    const { json } = await at.auditor.request('GET', '/tenants/acme.com/statistics');
    expect(json).toHaveLength(25);
    expect(json.slice(-3)).toEqual([
      {
        ...{ time: '2026-11-22T08:00:00.000Z', requests: 12, clientErrors: 5, serverErrors: 1 },
        ...{ meanMs: 2.5, users: 7, groups: 2 },
      },
      {
        ...{ time: '2026-11-22T09:00:00.000Z', requests: 0, clientErrors: 0, serverErrors: 0 },
        ...{ users: 7, groups: 2 },
      },
      {
        ...{ time: '2026-11-22T10:00:00.000Z', requests: 4, clientErrors: 0, serverErrors: 0 },
        ...{ meanMs: 2, users: 1, groups: 0 },
      },
    ]);
    expect(json[0]).not.toHaveProperty('users');
  });

  it('are about one integration when it is named', async () => {
    const { json } = await at.admin.request(
      'GET',
      `/tenants/acme.com/statistics?integration=${integrationId}`,
    );
    expect(json.at(-3).requests).toBe(10);
    const none = await at.admin.request('GET', '/tenants/acme.com/statistics?integration=none');
    expect(none.json.every(({ requests }: { requests: number }) => requests === 0)).toBe(true);
  });

  it.each([
    ['before all years', 'since=0000-01-01T00:00:00%2B23:59&until=0000-01-01T10:00:00Z', 'since'],
    ['behind all years', 'since=9999-12-31T00:00:00Z&until=9999-12-31T23:59:59-23:59', 'until'],
  ])('have no time %s', async (_what, query, path) => {
    const answer = await at.auditor.request('GET', `/tenants/acme.com/statistics?${query}`);
    expect(answer).toMatchObject({ status: 400, json: { fields: [{ path }] } });
  });

  it('are by the day too', async () => {
    const { json } = await at.admin.request(
      'GET',
      '/tenants/acme.com/statistics?step=day&since=2026-11-20T12:00:00Z',
    );
    expect(json.map(({ requests, time }: { requests: number; time: string }) => [time, requests])).toEqual([
      ['2026-11-20T00:00:00.000Z', 0],
      ['2026-11-21T00:00:00.000Z', 0],
      ['2026-11-22T00:00:00.000Z', 16],
    ]);
  });

  it('of the server are the sums, and for owners', async () => {
    const { json } = await at.owner.request('GET', '/statistics');
    expect(json.at(-1)).toMatchObject({ requests: 4, users: 1 });
    expect((await at.admin.request('GET', '/statistics')).status).toBe(403);
    expect((await at.stranger.request('GET', '/tenants/acme.com/statistics')).status).toBe(404);
  });

  it.each([
    ['since=2026-11-23T00:00:00Z', 'until'],
    ['since=2020-01-01T00:00:00Z', 'step'],
    ['since=yesterday', 'since'],
    ['step=minute', 'step'],
  ])('refuse %s', async (query, path) => {
    const { status, json } = await at.owner.request('GET', `/statistics?${query}`);
    expect(status).toBe(400);
    expect(json.fields).toEqual([{ path, message: expect.any(String) }]);
  });
});

describe('the overview', () => {
  it('has the figures of the last day', async () => {
    const { json } = await at.auditor.request('GET', '/tenants/acme.com/overview');
    const figures = { users: 1, groups: 0, integrations: 1, requests: 16, errors: 6 };
    expect(json).toMatchObject(figures);
    const { tenants } = (await at.owner.request('GET', '/overview')).json;
    expect(tenants).toContainEqual({ domain: 'acme.com', name: 'Acme', active: true, ...figures });
    expect(tenants).toHaveLength(3);
    const own = (await at.stranger.request('GET', '/overview')).json.tenants;
    expect(own).toMatchObject([{ domain: 'other.org', requests: 0 }]);
  });

  it('names what needs attention, to those who may know', async () => {
    const since = new Date(NOW - 5 * HOUR).toISOString();
    activity = [
      {
        ...{ integrationId, lastRequest: since, lastSuccess: undefined, lastError: since },
        ...{ lastErrorId: 'r1', lastErrorStatus: 400 },
      },
    ];
    const { attention } = (await at.owner.request('GET', '/overview')).json;
    const [only] = attention;
    expect(only).toEqual({
      ...{ kind: 'failing', tenant: 'acme.com', integration: { id: integrationId, name: 'Entra ID' } },
      ...{ detail: expect.stringContaining('400'), since },
    });
    expect((await at.stranger.request('GET', '/overview')).json.attention).toEqual([]);
    const { health } = (await at.auditor.request('GET', `/tenants/acme.com/integrations/${integrationId}`))
      .json;
    expect(health).toMatchObject({ state: 'failing', lastFailureRequest: 'r1', lastFailure: since });
  });
});
