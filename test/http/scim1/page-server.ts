import { createAccounts } from '../../../src/service/accounts.ts';
import { createAdministrators } from '../../../src/service/administrator.ts';
import { createUserStores } from '../../../src/service/user-stores.ts';
import { type Answer, BASE_URL, type Client, startServer } from '../../support/server.ts';
import { parseCurl } from './curl.ts';

/** A server as the page takes it for granted: two tenants with an administrator and the store AMRSNGHE each. */
export interface PageServer {
  /** Ids by the names that the page knows their owners by. */
  readonly ids: Record<string, string>;
  /** A client of SCIM 2.0 in the super tenant. */
  readonly client: Client;
  /**
   * Sends what a curl command sends, a second after what was sent before.
   *
   * @param values what stands for the names in angle brackets; `ids` for those that are missing
   */
  run(command: string, values?: Readonly<Record<string, string | undefined>>): Promise<Answer>;
  close(): Promise<void>;
}

/** The administrator that the server makes in the tenant; the page has another one, gayashan. */
export const FIRST_ADMINISTRATOR = 'admin@amrsnghe.org:admin-of-the-tenant';

export async function startPageServer(): Promise<PageServer> {
  let clock = Date.parse('2016-01-26T16:46:53Z');
  const server = await startServer({ now: () => clock });
  const { services, tenants, superTenant } = server;
  const accounts = createAccounts(services, `${BASE_URL}/scim/v2`);
  const administrators = createAdministrators({ ...services, accounts });
  const stores = createUserStores(services);
  const tenant = await tenants.create('amrsnghe.org');
  await administrators.create(superTenant, 'admin');
  await administrators.create(tenant, 'admin-of-the-tenant');
  for (const owner of [superTenant, tenant]) await stores.create(owner, 'AMRSNGHE');
  const client = await server.connect();
  const ids: Record<string, string> = {};
  return {
    ids,
    client,
    run(command, values = {}) {
      clock += 1000;
      const filledIn = command.replace(
        /<(\w+)>/g,
        (_, name: string) => values[name] ?? ids[name] ?? 'nobody',
      );
      const { method, path, headers, body } = parseCurl(filledIn);
      return server.send(method, path, headers, body);
    },
    close: () => server.close(),
  };
}
