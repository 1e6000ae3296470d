import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderSteps } from '../../src/core/bulk-order.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { GROUP_SCHEMA } from '../../src/core/schemas/group.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import type { Dialect } from '../../src/core/tolerance.ts';
import { type Answer, type Client, startServer, type TestServer } from '../support/server.ts';
import { patchBody, read, UNKNOWN_ID } from './messages.ts';

const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

let server: TestServer;
let tenants = 0;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** An operation; `{u0}` stands for the id of what is there before, `{op3}` for that of what operation 3 creates. */
interface Operation {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly bulkId?: string;
  readonly version?: string;
  readonly data?: unknown;
}

const BEFORE: readonly Operation[] = [
  ...['u0', 'u1', 'u2', 'u3'].map((name) => creation(name, '/Users', user(name))),
  creation('g0', '/Groups', group('g0', ['u0', 'u1'])),
  creation('g1', '/Groups', group('g1', ['u1', 'g0'])),
  creation('g2', '/Groups', group('g2', [])),
];

function creation(name: string, path: string, data: object): Operation {
  return { method: 'POST', path, bulkId: name, data };
}

function user(userName: string, more: object = {}) {
  return { schemas: [USER_SCHEMA], userName, ...more };
}

function group(displayName: string, members: readonly string[]) {
  return { schemas: [GROUP_SCHEMA], displayName, members: membersOf(members) };
}

function membersOf(names: readonly string[]) {
  return names.map((name) => ({ value: `{${name}}` }));
}

const draft = fc.record({
  method: fc.constantFrom('POST', 'POST', 'POST', 'PUT', 'PATCH', 'PATCH', 'PATCH', 'DELETE'),
  isUser: fc.boolean(),
  isMisplaced: fc.nat(15).map((n) => n === 0),
  // few names, so that some are taken; none is a mistake
  name: fc.constantFrom('u0', 'n1', 'n2', 'n3', 'n4', 'N1', ''),
  target: fc.nat(),
  others: fc.array(fc.nat(), { maxLength: 3 }),
  kind: fc.nat(6),
  version: fc.constantFrom(undefined, undefined, undefined, 'W/"1"', 'W/"2"', '*', 'nonsense'),
});

type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never;

/** Operations with references to what is there, to what others create before or behind them, and to nothing. */
function operationsOf(drafts: readonly Draft[]): Operation[] {
  const created = drafts.flatMap(({ method, isUser }, number) =>
    method === 'POST' ? [{ name: `op${number}`, isUser }] : [],
  );
  const things = [
    ...BEFORE.map(({ bulkId: name = '', path }) => ({ name, isUser: path === '/Users' })),
    ...created,
    ...created,
    { name: 'nobody', isUser: true },
  ];
  return drafts.map(({ method, isUser, isMisplaced, name, target, others, kind, version }, number) => {
    const own = `op${number}`;
    const named = (at: number) => things[at % things.length] as (typeof things)[number];
    const names = others.map((at) => named(at).name).filter((other) => other !== own);
    const written = isUser
      ? user(name, names.length > 0 ? { [ENTERPRISE_USER_SCHEMA]: managerOf(names) } : {})
      : group(name, names);
    if (method === 'POST') return creation(own, isUser ? '/Users' : '/Groups', written);
    const aim = named(target);
    const endpoint = aim.isUser === isMisplaced ? '/Groups' : '/Users';
    const change = aim.isUser ? userChange(kind, name, names) : groupChange(kind, name, names);
    const replacement = aim.isUser ? user(name || aim.name, { title: 'T' }) : group(name, names);
    return {
      method: method as Operation['method'],
      path: `${endpoint}/{${aim.name}}`,
      ...(version !== undefined && { version }),
      ...(method !== 'DELETE' && { data: method === 'PUT' ? replacement : patchBody(change) }),
    };
  });
}

const managerOf = ([name = 'nobody']: readonly string[]) => ({ manager: { value: `{${name}}` } });

function userChange(kind: number, name: string, names: readonly string[]): object {
  switch (kind) {
    case 0:
      return { op: 'replace', path: 'userName', value: name };
    case 1:
      return {
        op: 'add',
        path: `${ENTERPRISE_USER_SCHEMA}:manager.value`,
        value: `{${names[0] ?? 'nobody'}}`,
      };
    case 2:
      return { op: 'add', path: 'nothing', value: 1 };
    case 3:
      return { op: 'Replace', path: 'active', value: 'False' };
    default:
      return { op: 'replace', path: 'title', value: `bulkId of ${name}` };
  }
}

function groupChange(kind: number, name: string, names: readonly string[]): object {
  switch (kind) {
    case 0:
      return { op: 'remove', path: 'members' };
    case 1:
      return { op: 'remove', path: `members[value eq "{${names[0] ?? 'u1'}}"]` };
    case 2:
      return { op: 'replace', path: 'members', value: membersOf(names) };
    case 3:
      return { op: 'replace', value: { displayName: name, members: membersOf(names) } };
    default:
      return { op: 'add', path: 'members', value: membersOf(names) };
  }
}

const REFERENCE = /\{(\w+)\}/g;
const referencesIn = (operation: Operation): string[] =>
  [...JSON.stringify(operation).matchAll(REFERENCE)].map(([, name]) => name as string);

/** A tenant of its own with some users and groups, by name. */
async function connect(dialect: Dialect) {
  const tenant = await server.tenants.create(`bulk-${++tenants}.example`);
  const client = await server.connect({ dialect, requirePrimaryEmail: false }, tenant);
  const ids = new Map([['nobody', UNKNOWN_ID]]);
  await sendBulk(client, BEFORE, ids, undefined);
  return { client, ids };
}

/** What an operation came to: undefined when it was not tried. */
type Outcome =
  | readonly [status: string, scimType: string | undefined, version: string | undefined]
  | undefined;

const withIds = <T>(value: T, idOf: (name: string) => string): T =>
  JSON.parse(JSON.stringify(value).replaceAll(REFERENCE, (_, name: string) => idOf(name)));

async function sendBulk(
  client: Client,
  operations: readonly Operation[],
  ids: Map<string, string>,
  failOnErrors: number | undefined,
): Promise<Outcome[]> {
  const Operations = withIds(operations, (name) => ids.get(name) ?? `bulkId:${name}`);
  const { status, text, json } = await client.request('POST', '/Bulk', {
    schemas: [BULK],
    Operations: Operations.map((operation, number) => ({ bulkId: `n${number}`, ...operation })),
    failOnErrors,
  });
  expect(status, text).toBe(200);
  const byBulkId = new Map<string, Answer['json']>(
    json.Operations.map((answer: Answer['json']) => [answer.bulkId, answer]),
  );
  return operations.map(({ bulkId }, number): Outcome => {
    const answer = byBulkId.get(bulkId ?? `n${number}`);
    if (answer === undefined) return undefined;
    if (answer.status === '201' && bulkId !== undefined) ids.set(bulkId, answer.location.split('/').at(-1));
    return [answer.status, answer.response?.scimType, answer.version];
  });
}

const isFailure = (outcome: Outcome): boolean => outcome !== undefined && Number(outcome[0]) >= 400;

/** The same operations as requests of their own, in an order in which what is referred to is there. */
async function sendOneByOne(
  client: Client,
  operations: readonly Operation[],
  steps: readonly (readonly number[])[],
  ids: Map<string, string>,
  failOnErrors = Number.POSITIVE_INFINITY,
): Promise<(Outcome | 'impossible')[]> {
  const outcomes: (Outcome | 'impossible')[] = operations.map(() => undefined);
  let errors = 0;
  for (const number of steps.flat()) {
    if (errors >= failOnErrors) break;
    const operation = operations[number] as Operation;
    // what was to be created does not exist, so that there is no request to send
    if (referencesIn(operation).some((name) => !ids.has(name))) outcomes[number] = 'impossible';
    else {
      const { method, path, data, version } = withIds(operation, (name) => ids.get(name) as string);
      const answer = await client.request(
        method,
        path,
        data,
        version === undefined ? {} : { 'if-match': version },
      );
      if (answer.status === 201 && operation.bulkId !== undefined) ids.set(operation.bulkId, answer.json.id);
      const etag = answer.headers.etag as string | undefined;
      outcomes[number] = [String(answer.status), answer.json?.scimType, etag];
    }
    const outcome = outcomes[number];
    if (outcome === 'impossible' || isFailure(outcome)) errors++;
  }
  return outcomes;
}

/** Everything in the tenant, ids replaced by names, without times. */
async function stateOf(client: Client, ids: ReadonlyMap<string, string>): Promise<unknown> {
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  const { Resources } = await read(client, '/?count=1000');
  const named = JSON.parse(
    JSON.stringify(Resources).replaceAll(
      /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
      (id) => names.get(id) ?? 'made by the server',
    ),
    (key, value) => {
      if (key === 'created' || key === 'lastModified') return undefined;
      if (key !== 'members' && key !== 'groups') return value;
      return value.toSorted((a: { value: string }, b: { value: string }) => (a.value < b.value ? -1 : 1));
    },
  );
  return named.sort((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1));
}

describe('RFC 7644 3.7: the operations of a Bulk request do what requests of their own do', () => {
  test.each(['standard', 'strict'] as const)('%s', async (dialect) => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(draft, { minLength: 1, maxLength: 16 }),
        fc.constantFrom(undefined, undefined, 1, 3),
        async (drafts, failOnErrors) => {
          const operations = operationsOf(drafts);
          const needs = operations.map((operation) =>
            referencesIn(operation).flatMap((name) => (name.startsWith('op') ? [Number(name.slice(2))] : [])),
          );
          const steps = orderSteps(needs);
          // what refers to itself in a circle cannot be sent one by one
          fc.pre(steps.every((step) => step.length === 1));
          const [together, alone] = [await connect(dialect), await connect(dialect)];
          const inBulk = await sendBulk(together.client, operations, together.ids, failOnErrors);
          const oneByOne = await sendOneByOne(alone.client, operations, steps, alone.ids, failOnErrors);
          for (const [number, outcome] of oneByOne.entries()) {
            const found = inBulk[number];
            if (outcome === 'impossible') expect(['400', '409']).toContain(found?.[0]);
            else expect([number, found]).toEqual([number, outcome]);
            const kind = `${operations[number]?.method} ${found?.[0]}`;
            seen.set(kind, (seen.get(kind) ?? 0) + 1);
          }
          expect(await stateOf(together.client, together.ids)).toEqual(
            await stateOf(alone.client, alone.ids),
          );
        },
      ),
      { numRuns: 60 },
    );
    for (const kind of [
      'POST 201',
      'POST 409',
      'POST 400',
      'PUT 200',
      'PATCH 200',
      'PATCH 400',
      'DELETE 204',
    ])
      expect([kind, seen.get(kind)]).toEqual([kind, expect.any(Number)]);
  });
});
