import { createAccounts } from '../../../src/service/accounts.ts';
import { createAdministrators } from '../../../src/service/administrator.ts';
import { createPermissions } from '../../../src/service/permissions.ts';
import { createUserStores } from '../../../src/service/user-stores.ts';
import type { Tenant } from '../../../src/storage/directory.ts';
import { type Answer, BASE_URL, startServer, type TestServer } from '../../support/server.ts';

export const PASSWORD = 'pass:word 1';

/** Sends a request of SCIM 1.1 as a user, `name:password`, or with an Authorization header of its own. */
export type Send1 = (
  method: string,
  path: string,
  body?: unknown,
  options?: { readonly as?: string; readonly headers?: Record<string, string>; readonly base?: string },
) => Promise<Answer>;

/** A server with `admin:admin` in the super tenant and the user store AMRSNGHE. */
export async function startServer1() {
  const server = await startServer();
  const { services } = server;
  const { storage, now } = services;
  const accounts = createAccounts(services, `${BASE_URL}/scim/v2`);
  const administrators = createAdministrators({ storage, now, passwords: services.passwords, accounts });
  const userStores = createUserStores({ storage, now });
  const permissions = createPermissions({ storage, now });
  await administrators.create(server.superTenant, 'admin');
  await userStores.create(server.superTenant, 'AMRSNGHE');

  const send: Send1 = (
    method,
    path,
    body,
    { as = 'admin:admin', headers = {}, base = '/wso2/scim' } = {},
  ) => {
    const authorization =
      / /.test(as) && !as.includes(':') ? as : `Basic ${Buffer.from(as).toString('base64')}`;
    const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const type: Record<string, string> = payload === undefined ? {} : { 'content-type': 'application/json' };
    return server.send(method, `${base}${path}`, { authorization, ...type, ...headers }, payload);
  };

  /** Another tenant with an administrator, `admin@domain:adming`. */
  async function addTenant(domain: string): Promise<Tenant> {
    const tenant = await server.tenants.create(domain);
    await administrators.create(tenant, 'adming');
    return tenant;
  }

  return { server, send, addTenant, userStores, permissions };
}

export type Server1 = Awaited<ReturnType<typeof startServer1>> & { readonly server: TestServer };

/** The error body of SCIM 1.1, with a string code that is the status. */
export function isError1({ status, json, headers }: Answer, wanted: number): boolean {
  const [first, ...more] = json?.Errors ?? [];
  return (
    status === wanted &&
    Object.keys(json).join() === 'Errors' &&
    more.length === 0 &&
    first.code === String(wanted) &&
    typeof first.description === 'string' &&
    first.description !== '' &&
    String(headers['content-type']).startsWith('application/json')
  );
}
