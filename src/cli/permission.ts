import { type Command, Option } from 'commander';
import { type GroupPermissions, PERMISSIONS } from '../service/permissions.ts';
import type { Tenant } from '../storage/directory.ts';
import { onInstallation, TENANT_OPTION, type TenantOptions, tenantOf } from './command.ts';
import { table } from './output.ts';

interface ListOptions extends TenantOptions {
  readonly group?: string;
}

const GROUP = ['<group>', 'its id, or its name with or without PRIMARY/'] as const;
const PERMISSION = ['<permission>', PERMISSIONS.join(' or ')] as const;

/** `roster permission …` */
export function addPermissionCommands(program: Command): void {
  const permission = program
    .command('permission')
    .description('what the members of a group may do over SCIM 1.1 with their own passwords');

  const grant = permission
    .command('grant')
    .description('let the members of a group read themselves (login) or do everything (provision)')
    .argument(...GROUP)
    .argument(...PERMISSION)
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(grant, async (installation, options, group = '', name = '') => {
    const tenant = await tenantOf(installation, options);
    const granted = await installation.permissions.grant(tenant, group, name);
    return { json: jsonOf(granted, tenant), text: `The group ${granted.name} has the permission ${name}.` };
  });

  const revoke = permission
    .command('revoke')
    .description('take a permission from a group')
    .argument(...GROUP)
    .argument(...PERMISSION)
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(revoke, async (installation, options, group = '', name = '') => {
    const tenant = await tenantOf(installation, options);
    const left = await installation.permissions.revoke(tenant, group, name);
    return { json: jsonOf(left, tenant), text: `The group ${left.name} has no permission ${name}.` };
  });

  const list = permission
    .command('list')
    .description('list the groups of a tenant that have permissions')
    .addOption(new Option('--group <group>', 'this group alone: its id or name'))
    .option(...TENANT_OPTION);
  onInstallation<ListOptions>(list, async (installation, options) => {
    const { permissions } = installation;
    const tenant = await tenantOf(installation, options);
    const { group } = options;
    const groups =
      group === undefined ? await permissions.list(tenant) : [await permissions.find(tenant, group)];
    return {
      json: groups.map((each) => jsonOf(each, tenant)),
      text: table(
        ['ID', 'GROUP', 'PERMISSIONS'],
        groups.map((each) => [each.id, each.name, each.permissions.join(', ')]),
        `No group of ${tenant.domain} has a permission.`,
      ),
    };
  });
}

const jsonOf = ({ id, name, permissions }: GroupPermissions, tenant: Tenant) => ({
  group: id,
  name,
  tenant: tenant.domain,
  permissions,
});
