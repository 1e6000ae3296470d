import type { Command } from 'commander';
import { attributeJson } from '../core/schema.ts';
import type { DefinedSchema } from '../service/definition-checks.ts';
import { ServiceError } from '../service/service-error.ts';
import type { Tenant } from '../storage/directory.ts';
import { onInstallation, TENANT_OPTION, type TenantOptions, tenantOf } from './command.ts';
import { nameFrom, readDefinitionFile } from './definition-file.ts';
import { table } from './output.ts';

interface AddOptions extends TenantOptions {
  readonly extend?: string;
  readonly required?: boolean;
}

/** `roster schema …` */
export function addSchemaCommands(program: Command): void {
  const schema = program.command('schema').description('schemas that a tenant defines for itself');

  const add = schema
    .command('add')
    .description('add a schema, on its own or as an extension of a resource type')
    .argument('<file>', 'the schema as JSON, in the form of RFC 7643 section 7')
    .option('--extend <type>', 'the resource type that it extends: User, Group or one of the tenant')
    .option('--required', 'every resource of that type must have the extension')
    .option(...TENANT_OPTION);
  onInstallation<AddOptions>(add, async (installation, options, path = '') => {
    const { extend, required = false } = options;
    if (required && extend === undefined)
      throw new ServiceError('invalid', '--required says something about an extension: add --extend TYPE.');
    const file = readDefinitionFile(path);
    const tenant = await tenantOf(installation, options);
    const added = await file.locating(() =>
      installation.definitions.addSchema(
        tenant,
        file.json,
        extend === undefined ? undefined : { type: extend, required },
      ),
    );
    const { id } = added.schema;
    const role = extend === undefined ? '' : ` as ${required ? 'a required' : 'an'} extension of ${extend}`;
    return { json: schemaJson(added, tenant), text: `Added the schema ${id} to ${tenant.domain}${role}.` };
  });

  const replace = schema
    .command('replace')
    .description('put another schema in the place of the one that has its URN')
    .argument('<file>', 'the schema as JSON, as it is to be')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(replace, async (installation, options, path = '') => {
    const file = readDefinitionFile(path);
    const tenant = await tenantOf(installation, options);
    const replaced = await file.locating(() => installation.definitions.replaceSchema(tenant, file.json));
    return {
      json: schemaJson(replaced, tenant),
      text: `Replaced the schema ${replaced.schema.id} of ${tenant.domain}.`,
    };
  });

  const list = schema
    .command('list')
    .description('list the schemas that a tenant has defined')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(list, async (installation, options) => {
    const tenant = await tenantOf(installation, options);
    const found = await installation.definitions.listSchemas(tenant);
    return {
      json: found.map((each) => schemaJson(each, tenant)),
      text: table(
        ['URN', 'NAME', 'ATTRIBUTES', 'USED BY'],
        found.map((each) => [
          each.schema.id,
          each.schema.name,
          String(each.schema.attributes.length),
          usesText(each),
        ]),
        `${tenant.domain} has defined no schema.`,
      ),
    };
  });

  const remove = schema
    .command('remove')
    .description('remove a schema that no resource has values of')
    .argument('<urn-or-file>', 'its URN, or the file that it was added from')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(remove, async (installation, options, urnOrFile = '') => {
    const tenant = await tenantOf(installation, options);
    const urn = nameFrom(urnOrFile, 'id', /^urn:/i);
    const removed = await installation.definitions.removeSchema(tenant, urn);
    return {
      json: { ...schemaJson(removed, tenant), removed: true },
      text: `Removed the schema ${removed.schema.id} from ${tenant.domain}.`,
    };
  });
}

const usesText = ({ uses }: DefinedSchema): string =>
  uses
    .map(({ type, as, required }) =>
      as === 'core' ? type : `${type} (${required ? 'required' : 'extension'})`,
    )
    .join(', ');

const schemaJson = ({ schema, uses }: DefinedSchema, { domain }: Tenant) => ({
  id: schema.id,
  name: schema.name,
  description: schema.description,
  attributes: schema.attributes.map(attributeJson),
  tenant: domain,
  resourceTypes: uses,
});
