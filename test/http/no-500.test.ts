import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  DEVICE_DEFINITION,
  DEVICE_TYPE_DEFINITION,
  definitionsOn,
  LEASE_DEFINITION,
} from '../service/tenant-definitions.ts';
import { type Answer, type Client, startServer, type TestServer } from '../support/server.ts';
import { deviceBody, FULL_DEVICE } from './device-server.ts';
import { hostileDoor } from './hostile-doors.ts';
import { type HostileRequest, hostileRequest } from './hostile-requests.ts';
import { type Created, createGroup, createUser, membersOf, newName, read } from './messages.ts';

const RUNS = 3000;
const RUNS_AT_DOORS = 1500;
const PASSWORD = 'correct horse: battery';

let server: TestServer;
let clients: Readonly<Record<'standard' | 'strict', Client>>;
/** A user who sends requests with a password. */
let own: Client;
let user: Created;
let group: Created;
let device = '';
let serial = '';
let cursor = '';

const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
const ownKeys = () => prototypes.map((prototype) => Reflect.ownKeys(prototype));
const keysBefore = ownKeys();

beforeAll(async () => {
  server = await startServer();
  clients = {
    standard: await server.connect({ requirePrimaryEmail: false }),
    strict: await server.connect({ dialect: 'strict' }),
  };
  const definitions = definitionsOn(server);
  await definitions.addSchema(server.superTenant, DEVICE_DEFINITION, undefined);
  await definitions.addSchema(server.superTenant, LEASE_DEFINITION, undefined);
  await definitions.addResourceType(server.superTenant, DEVICE_TYPE_DEFINITION);
  await makeResources();
  await makeOwn();
});
afterAll(() => server.close());

async function makeResources(): Promise<void> {
  user = await createUser(clients.standard, { title: 'Boss', phoneNumbers: [{ value: '1', type: 'work' }] });
  group = await createGroup(clients.standard, { members: membersOf(user) });
}

async function makeOwn(): Promise<void> {
  const { json } = await createUser(clients.standard, { password: PASSWORD });
  const authorization = `Basic ${Buffer.from(`${json.userName}:${PASSWORD}`).toString('base64')}`;
  own = {
    authorization,
    request: (method, path, body, headers) =>
      clients.standard.request(method, path, body, { ...headers, authorization }),
  };
}

async function makeDoors(client: Client): Promise<void> {
  const posted = await client.request('POST', '/Devices', {
    ...deviceBody(FULL_DEVICE),
    userName: newName(),
  });
  expect(posted.status, posted.text).toBe(201);
  ({ id: device, serial } = posted.json);
  cursor = (await read(client, '/Users?count=1&cursor=')).nextCursor;
}

const withIds = (text: string): string =>
  text
    .replaceAll('{user}', user.id)
    .replaceAll('{group}', group.id)
    .replaceAll('{device}', device)
    .replaceAll('{serial}', serial)
    .replaceAll('{cursor}', cursor);

function send(client: Client, { method, url, headers, body }: HostileRequest): Promise<Answer> {
  const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD';
  return client.request(method, withIds(url), hasBody ? withIds(body) : undefined, { ...headers });
}

function check({ status, text, json }: Answer): void {
  expect(status, text).toBeGreaterThanOrEqual(200);
  expect(status, text).toBeLessThan(500);
  if (text === '') return;
  if (status >= 400)
    expect(json).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      detail: expect.any(String),
    });
  else expect(json.schemas[0]).toMatch(/^urn:(ietf|example):params:scim:/);
  expect(text).not.toMatch(/node_modules|\bat \S+ \(|SQLITE/);
}

async function listAll(client: Client, endpoint: string) {
  const all: Answer['json'][] = [];
  for (;;) {
    const { totalResults, Resources } = await read(client, `${endpoint}?startIndex=${all.length + 1}`);
    all.push(...Resources);
    if (all.length >= totalResults) return all;
  }
}

it('no request is answered with a 5xx, a stack or anything but SCIM', async () => {
  const counts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(hostileRequest, fc.constantFrom('standard', 'strict'), async (request, dialect) => {
      const answer = await send(clients[dialect], request);
      check(answer);
      const outcome = `${request.method} ${answer.status}`;
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      if (request.method === 'DELETE' && answer.status === 204) await makeResources();
    }),
    { numRuns: RUNS },
  );
  // the requests are near enough to valid ones to be carried out too
  for (const outcome of ['GET 200', 'POST 201', 'PUT 200', 'PATCH 200', 'DELETE 204'])
    expect([outcome, counts.get(outcome)]).toEqual([outcome, expect.any(Number)]);
});

it('nor is one to Bulk, searches, cursors, /Me or the resources of tenant-defined types', async () => {
  const counts = new Map<string, number>();
  await makeDoors(clients.standard);
  await fc.assert(
    fc.asyncProperty(hostileDoor, fc.constantFrom('standard', 'strict'), async (request, dialect) => {
      const door = request.url.replace(/\?.*|\/\{.*/, '');
      const answer = await send(door === '/Me' ? own : clients[dialect], request);
      check(answer);
      const outcome = `${request.method} ${door} ${answer.status}`;
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      if (door === '/Me' && answer.status === 401) await makeOwn();
      if (door === '/Bulk' && (await isGone(`/Users/${user.id}`, `/Groups/${group.id}`)))
        await makeResources();
      if (door === '/Bulk' && (await isGone(`/Devices/${device}`))) await makeDoors(clients.standard);
    }),
    { numRuns: RUNS_AT_DOORS },
  );
  for (const outcome of [
    ...['POST /Bulk 200', 'POST /.search 200', 'POST /Users/.search 200', 'POST /Devices/.search 200'],
    ...['POST /Devices 201', 'PUT /Devices 200', 'PATCH /Devices 200', 'GET /Users 200', 'GET /Users 400'],
    ...['GET /Me 200', 'PUT /Me 403', 'PATCH /Me 200'],
  ])
    expect([outcome, counts.get(outcome)]).toEqual([outcome, expect.any(Number)]);
});

async function isGone(...paths: string[]): Promise<boolean> {
  const answers = await Promise.all(paths.map((path) => clients.strict.request('HEAD', path)));
  return answers.some(({ status }) => status === 404);
}

it('what is stored after them is whole: every resource is read, and every reference names one', async () => {
  const client = clients.standard;
  const users = await listAll(client, '/Users');
  const groups = await listAll(client, '/Groups');
  const known = new Map([...users, ...groups].map((resource) => [resource.id, resource]));
  expect(users.length).toBeGreaterThan(1);
  for (const { id, groups: memberships } of users)
    for (const { value, type } of memberships)
      if (type === 'direct')
        expect(known.get(value).members).toContainEqual(expect.objectContaining({ value: id, type: 'User' }));
  for (const { members } of groups) for (const { value } of members) expect(known.has(value)).toBe(true);
  for (const { id, userName } of users) {
    const found = await read(
      client,
      `/Users?filter=${encodeURIComponent(`userName eq ${JSON.stringify(userName)}`)}`,
    );
    expect(found.Resources.map((each: { id: string }) => each.id)).toEqual([id]);
  }
});

it('no prototype has changed, and nothing was logged as a failure', () => {
  expect(ownKeys()).toEqual(keysBefore);
  expect(server.logLines.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
});
