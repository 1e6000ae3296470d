import type { Traffic } from '../../../src/service/request-log.ts';
import type { Tenant } from '../../../src/storage/directory.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { type AdminClient, adminClient, type Callers, caller, identifyByName } from './admin-client.ts';

/** A server with the tenant acme.com, operators of each role, and one of another tenant. */
export interface AcmeServer {
  readonly server: TestServer;
  readonly acme: Tenant;
  readonly owner: AdminClient;
  readonly admin: AdminClient;
  readonly auditor: AdminClient;
  /** Administers another tenant. */
  readonly stranger: AdminClient;
  /** An administrator whose session was authenticated long ago. */
  readonly late: AdminClient;
  readonly nobody: AdminClient;
}

export async function startAcme(
  settings: { readonly now?: () => number; readonly traffic?: Traffic } = {},
): Promise<AcmeServer> {
  const { now = Date.now } = settings;
  let tenantIds = { acme: '', other: '' };
  const callers = (): Callers => {
    const admin = caller('tenantAdmin', tenantIds.acme);
    const all = {
      owner: caller('owner'),
      admin,
      auditor: caller('auditor', tenantIds.acme),
      stranger: caller('tenantAdmin', tenantIds.other),
      late: admin,
    };
    const since = (name: string): number => now() - (name === 'late' ? 600_000 : 0);
    return Object.fromEntries(
      Object.entries(all).map(([name, each]) => [
        name,
        { ...each, session: { id: name, authenticated: since(name), ends: now() + 3_600_000 } },
      ]),
    );
  };
  const server = await startServer({ ...settings, identify: identifyByName(callers) });
  const acme = await server.tenants.create('acme.com', 'Acme');
  tenantIds = { acme: acme.id, other: (await server.tenants.create('other.org')).id };
  const client = (name: string): Promise<AdminClient> => adminClient(server, name);
  return {
    ...{ server, acme, owner: await client('owner'), admin: await client('admin') },
    ...{ auditor: await client('auditor'), stranger: await client('stranger') },
    ...{ late: await client('late'), nobody: await client('nobody') },
  };
}

/** The Authorization header that a secret of the admin API makes. */
export const authorizationOf = (
  secret: { auth: 'bearer'; token: string } | { auth: 'basic'; username: string; password: string },
): string =>
  secret.auth === 'bearer'
    ? `Bearer ${secret.token}`
    : `Basic ${Buffer.from(`${secret.username}:${secret.password}`).toString('base64')}`;
