import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_ROUTES } from '../../../src/http/admin/contract/admin-api.ts';
import type { Access, RouteDeclaration } from '../../../src/http/admin/contract/route.ts';
import { newAccount } from '../../../src/service/one-time-links.ts';
import { operatorOf } from '../../../src/service/operator.ts';
import type { OperatorRole } from '../../../src/storage/operators.ts';
import { startServer, type TestServer } from '../../support/server.ts';

/** What a request is answered that may go on: a hook takes the place of all handlers. */
const ADMITTED = 299;

let server: TestServer;
/** The headers of each caller. */
let callers: Record<string, Record<string, string>> = {};
let time = Date.now();

beforeAll(async () => {
  server = await startServer({ now: () => time });
  // bodies are read after a request was let in
  server.app.addHook('preParsing', async (request, reply) => {
    if (request.url.startsWith('/api/v1')) return reply.code(ADMITTED).send('');
  });
  const acme = await server.tenants.create('acme.com');
  const other = await server.tenants.create('other.org');
  const { operators } = server.services.storage;
  const { sessions, keys } = server.operatorServices;

  async function sign(email: string, role: OperatorRole, tenant: typeof acme | undefined) {
    const account = {
      ...newAccount({ email, emailKey: email, name: email, role }, tenant),
      created: new Date(time).toISOString(),
    };
    await operators.createOperator(account);
    const { secret } = await sessions.begin(account, { address: '127.0.0.1', userAgent: 'test' });
    const { token } = await keys.create(operatorOf(account), 'scripts', undefined, async () => undefined);
    return {
      [email]: { cookie: `__Host-roster-session=${secret}`, 'x-roster-request': '1' },
      [`${email} by API key`]: { authorization: `Bearer ${token}` },
    };
  }

  const client = await server.connect({}, acme);
  const signed = await Promise.all([
    sign('owner', 'owner', undefined),
    sign('admin', 'tenantAdmin', acme),
    sign('admin of another', 'tenantAdmin', other),
    sign('auditor', 'auditor', acme),
    sign('auditor of another', 'auditor', other),
  ]);
  const [{ owner = {} } = {}] = signed;
  callers = Object.assign(
    {
      nobody: { 'x-roster-request': '1' },
      'an unknown session': { cookie: `__Host-roster-session=${'A'.repeat(43)}`, 'x-roster-request': '1' },
      'an unknown key': { authorization: `Bearer rosterop_abcdefghijkl_${'A'.repeat(49)}` },
      'a SCIM credential': { authorization: client.authorization },
      'a SCIM credential beside a session': { ...owner, authorization: client.authorization },
    },
    ...signed,
  );
});
afterAll(() => server.close());

const routes = Object.entries<RouteDeclaration>(ADMIN_ROUTES);

/** What a route answers a caller, by what it says who may call it. */
function expected({ access, path }: RouteDeclaration, caller: string): number {
  if (access === 'anyone') return ADMITTED;
  const [, role, isOther] = /^(owner|admin|auditor)( of another)?(?: by API key)?$/.exec(caller) ?? [];
  if (role === undefined) return 401;
  if (path.startsWith('/tenants/{tenant}') && isOther !== undefined) return 404;
  const may: Record<Exclude<Access, 'anyone'>, readonly string[]> = {
    operator: ['owner', 'admin', 'auditor'],
    auditor: ['owner', 'admin', 'auditor'],
    tenantAdmin: ['owner', 'admin'],
    owner: ['owner'],
  };
  return may[access].includes(role) ? ADMITTED : 403;
}

const urlOf = ({ path }: RouteDeclaration): string =>
  `/api/v1${path.replace('{tenant}', 'acme.com').replaceAll(/\{\w+\}/g, 'x')}`;

const ask = async (route: RouteDeclaration, headers: Record<string, string>): Promise<number> =>
  (await server.send(route.method, urlOf(route), headers)).status;

it('is for whom the declaration of each route says', async () => {
  for (const [operation, route] of routes) {
    const answered: Record<string, number> = {};
    for (const [name, headers] of Object.entries(callers)) answered[name] = await ask(route, headers);
    const names = Object.keys(callers);
    const wanted = Object.fromEntries(names.map((name) => [name, expected(route, name)]));
    expect([operation, answered]).toEqual([operation, wanted]);
  }
});

describe('every route', () => {
  it('below a tenant is for those who can see the tenant', () => {
    for (const [, { path, access }] of routes)
      if (path.startsWith('/tenants/{tenant}')) expect(['auditor', 'tenantAdmin', 'owner']).toContain(access);
      else expect(['anyone', 'operator', 'owner']).toContain(access);
  });

  it('is declared', async () => {
    const { json } = await server.send('GET', '/openapi.json', {});
    const described = Object.entries<object>(json.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const known = routes.map(([, { method, path }]) => `${method} /api/v1${path}`);
    expect(described.sort()).toEqual(known.sort());
  });

  it('answers 404 for a tenant that is not there', async () => {
    const owner = callers.owner as Record<string, string>;
    for (const [, route] of routes)
      if (route.path.startsWith('/tenants/{tenant}')) {
        const url = urlOf(route).replace('acme.com', 'none.example');
        expect([route.path, (await server.send(route.method, url, owner)).status]).toEqual([route.path, 404]);
      }
  });

  it('that changes something takes sessions of the console only', async () => {
    const { cookie = '' } = callers.owner as Record<string, string>;
    const foreign = [
      { cookie },
      { cookie, 'x-roster-request': '1', origin: 'https://elsewhere.example' },
      { cookie, 'x-roster-request': '1', 'sec-fetch-site': 'same-site' },
    ];
    for (const [name, route] of routes)
      for (const headers of foreign)
        expect([name, await ask(route, headers)]).toEqual([name, route.method === 'GET' ? ADMITTED : 403]);
  });

  it('that makes or ends what people or programs sign in with asks for it', () => {
    const asking = routes.filter(([, { reauthenticate }]) => reauthenticate).map(([name]) => name);
    expect(asking).toEqual(
      expect.arrayContaining([
        ...[
          'createTenant',
          'deleteTenant',
          'inviteOperator',
          'updateOperator',
          'resetOperator',
          'deleteOperator',
        ],
        ...[
          'createIntegration',
          'deleteIntegration',
          'addCredential',
          'rotateCredential',
          'revokeCredential',
        ],
        ...['createKey', 'startTotp', 'removeTotp', 'exportAudit'],
      ]),
    );
  });

  it('that asks for it refuses sessions that were authenticated long ago, and no keys', async () => {
    time += 6 * 60_000;
    for (const [name, route] of routes) {
      const [session, key] = ['owner', 'owner by API key'].map((caller) => callers[caller] as object);
      const refused = route.reauthenticate === true ? 403 : ADMITTED;
      expect([name, await ask(route, { ...session })]).toEqual([name, refused]);
      expect([name, await ask(route, { ...key })]).toEqual([name, ADMITTED]);
    }
  });
});
