import type { Command } from 'commander';
import { onInstallation, TENANT_OPTION, type TenantOptions, tenantOf } from './command.ts';
import { table } from './output.ts';

/** `roster store …` */
export function addStoreCommands(program: Command): void {
  const store = program.command('store').description('user stores: name spaces of users inside a tenant');

  const create = store
    .command('create')
    .description('create a user store')
    .argument('<name>', 'its domain name, such as AMRSNGHE; kept in upper case')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(create, async (installation, options, name = '') => {
    const tenant = await tenantOf(installation, options);
    const created = await installation.userStores.create(tenant, name);
    return {
      json: { name: created.name, tenant: tenant.domain, created: created.created },
      text: `Created the user store ${created.name} in ${tenant.domain}.`,
    };
  });

  const list = store
    .command('list')
    .description('list the user stores of a tenant')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(list, async (installation, options) => {
    const tenant = await tenantOf(installation, options);
    const stores = await installation.userStores.list(tenant);
    return {
      json: stores.map(({ name, created }) => ({ name, tenant: tenant.domain, created })),
      text: table(
        ['NAME', 'CREATED'],
        stores.map(({ name, created }) => [name, created]),
        `${tenant.domain} has no user store.`,
      ),
    };
  });

  const remove = store
    .command('delete')
    .description('delete a user store that is empty')
    .argument('<name>')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(remove, async (installation, options, name = '') => {
    const tenant = await tenantOf(installation, options);
    const deleted = await installation.userStores.remove(tenant, name);
    return {
      json: { name: deleted.name, tenant: tenant.domain, created: deleted.created, deleted: true },
      text: `Deleted the user store ${deleted.name} of ${tenant.domain}.`,
    };
  });
}
