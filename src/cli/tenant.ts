import type { Command } from 'commander';
import { requirePassword } from '../service/passwords.ts';
import type { Tenant } from '../storage/directory.ts';
import { type CommonOptions, onInstallation } from './command.ts';
import { fields, type Outcome, reportProgress, table } from './output.ts';

interface CreateOptions extends CommonOptions {
  readonly name?: string;
  readonly adminPassword?: string;
}

/** `roster tenant …` */
export function addTenantCommands(program: Command): void {
  const tenant = program
    .command('tenant')
    .description('organisations that share the server, each with its own data');

  const create = tenant
    .command('create')
    .description('create a tenant with its user store PRIMARY')
    .argument('<domain>', 'the domain it is known by, such as acme.com')
    .option('--name <name>', 'what people call it (default: the domain)')
    .option(
      '--admin-password <password>',
      'also create the user admin with this password (5 characters or more, better 15), and the group PRIMARY/admin',
    );
  onInstallation<CreateOptions>(
    create,
    async ({ tenants, administrators }, { name, adminPassword }, domain = '') => {
      if (adminPassword !== undefined) requirePassword(adminPassword);
      const created = await tenants.create(domain, name);
      if (adminPassword !== undefined) await administrators.create(created, adminPassword);
      return outcomeOf(created, `Created the tenant ${created.domain}.`);
    },
  );

  onInstallation(tenant.command('list').description('list the tenants'), async ({ tenants }) => {
    const list = await tenants.list();
    const rows = list.map((each) => [each.domain, each.name, stateOf(each), each.created]);
    return {
      json: list.map(jsonOf),
      text: table(['DOMAIN', 'NAME', 'STATE', 'CREATED'], rows, 'There is no tenant.'),
    };
  });

  const show = tenant.command('show').description('show one tenant').argument('<domain>');
  onInstallation(show, async ({ tenants }, _, domain = '') => outcomeOf(await tenants.find(domain)));

  const activate = tenant
    .command('activate')
    .description('let its credentials work again')
    .argument('<domain>');
  onInstallation(activate, async ({ tenants }, _, domain = '') => {
    const active = await tenants.setActive(domain, true);
    return outcomeOf(active, `The tenant ${active.domain} is active.`);
  });

  const deactivate = tenant
    .command('deactivate')
    .description('refuse all its credentials; its data stays')
    .argument('<domain>');
  onInstallation(deactivate, async ({ tenants }, _, domain = '') => {
    const inactive = await tenants.setActive(domain, false);
    return outcomeOf(
      inactive,
      `The tenant ${inactive.domain} is deactivated: all its credentials are refused.`,
    );
  });

  const remove = tenant
    .command('delete')
    .description('delete a tenant with all its users, groups, integrations and credentials, for good')
    .argument('<domain>');
  onInstallation(remove, async ({ tenants }, _, domain = '') => {
    reportProgress(`Deleting ${domain} …`);
    const deleted = await tenants.remove(domain);
    return {
      json: { ...jsonOf(deleted), deleted: true },
      text: `Deleted the tenant ${deleted.domain} and everything in it.`,
    };
  });
}

const jsonOf = ({ id, domain, name, isSuper, active, created }: Tenant) => ({
  id,
  domain,
  name,
  super: isSuper,
  active,
  created,
});

const stateOf = ({ isSuper, active }: Tenant): string =>
  [active ? 'active' : 'deactivated', ...(isSuper ? ['super tenant'] : [])].join(', ');

function outcomeOf(tenant: Tenant, text?: string): Outcome {
  const shown = fields([
    ['Domain', tenant.domain],
    ['Name', tenant.name],
    ['Id', tenant.id],
    ['State', stateOf(tenant)],
    ['Created', tenant.created],
  ]);
  return { json: jsonOf(tenant), text: text ?? shown };
}
