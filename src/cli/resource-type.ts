import type { Command } from 'commander';
import type { ResourceType } from '../core/resource-type.ts';
import type { Tenant } from '../storage/directory.ts';
import { onInstallation, TENANT_OPTION, type TenantOptions, tenantOf } from './command.ts';
import { nameFrom, readDefinitionFile } from './definition-file.ts';
import { scimUrlOf } from './installation.ts';
import { table } from './output.ts';

/** `roster resource-type …` */
export function addResourceTypeCommands(program: Command): void {
  const resourceType = program
    .command('resource-type')
    .description('resource types that a tenant defines for itself, each with an endpoint');

  const add = resourceType
    .command('add')
    .description('add a resource type; its schemas must be there')
    .argument('<file>', 'the resource type as JSON, in the form of RFC 7643 section 6')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(add, async (installation, options, path = '') => {
    const file = readDefinitionFile(path);
    const tenant = await tenantOf(installation, options);
    const added = await file.locating(() => installation.definitions.addResourceType(tenant, file.json));
    const url = `${scimUrlOf(installation.config)}${added.endpoint}`;
    return {
      json: typeJson(added, tenant),
      text: `Added the resource type ${added.name} to ${tenant.domain}, at ${url}.`,
    };
  });

  const list = resourceType
    .command('list')
    .description('list the resource types that a tenant has defined')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(list, async (installation, options) => {
    const tenant = await tenantOf(installation, options);
    const found = await installation.definitions.listResourceTypes(tenant);
    return {
      json: found.map((each) => typeJson(each, tenant)),
      text: table(
        ['NAME', 'ENDPOINT', 'SCHEMA', 'EXTENSIONS'],
        found.map(({ name, endpoint, schema, extensions }) => [
          name,
          endpoint,
          schema.id,
          extensions.map((extension) => extension.schema.id).join(', '),
        ]),
        `${tenant.domain} has defined no resource type.`,
      ),
    };
  });

  const remove = resourceType
    .command('remove')
    .description('remove a resource type that there are no resources of; its schemas stay')
    .argument('<name-or-file>', 'its name, or the file that it was added from')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(remove, async (installation, options, nameOrFile = '') => {
    const tenant = await tenantOf(installation, options);
    const name = nameFrom(nameOrFile, 'name', /^[a-z][a-z0-9_-]*$/i);
    const removed = await installation.definitions.removeResourceType(tenant, name);
    return {
      json: { ...typeJson(removed, tenant), removed: true },
      text: `Removed the resource type ${removed.name} from ${tenant.domain}.`,
    };
  });
}

const typeJson = ({ name, endpoint, description, schema, extensions }: ResourceType, { domain }: Tenant) => ({
  id: name,
  name,
  endpoint,
  description,
  schema: schema.id,
  schemaExtensions: extensions.map((extension) => ({
    schema: extension.schema.id,
    required: extension.required,
  })),
  tenant: domain,
});
