import { type Command, Option } from 'commander';
import { DEFAULT_INTEGRATION } from '../service/integrations.ts';
import { ServiceError } from '../service/service-error.ts';
import type { AuthorizationType, Integration, Tenant } from '../storage/directory.ts';
import { onInstallation, TENANT_OPTION, type TenantOptions, tenantOf } from './command.ts';
import { credentialJson, credentialTable } from './credential.ts';
import { scimUrlOf } from './installation.ts';
import {
  addByDialectOption,
  addSettingsOptions,
  dialectOption,
  type SettingsOptions,
  settingsChangeOf,
  settingsFields,
  settingsJson,
} from './integration-options.ts';
import { fields, table } from './output.ts';
import { issuedText, secretFields } from './secret-text.ts';

interface CreateOptions extends SettingsOptions {
  readonly auth: AuthorizationType;
  readonly readOnly?: boolean;
}

interface UpdateOptions extends SettingsOptions {
  readonly name?: string;
}

/** `roster integration …` */
export function addIntegrationCommands(program: Command): void {
  const integration = program
    .command('integration')
    .description('SCIM connections of a tenant, one for each identity provider');

  const create = integration
    .command('create')
    .description('create an integration with its first credential, which works until it is revoked')
    .argument('<name>', 'what people call it, such as "Entra production"')
    .option(...TENANT_OPTION)
    .addOption(
      new Option('--auth <type>', 'how its clients prove who they are')
        .choices(['bearer', 'basic'])
        .default(DEFAULT_INTEGRATION.auth),
    )
    .addOption(dialectOption().default(DEFAULT_INTEGRATION.dialect))
    .option('--no-require-primary-email', 'take new users without an e-mail address marked as primary')
    .option('--read-only', 'let its credentials read only');
  addSettingsOptions(create);
  onInstallation<CreateOptions>(create, async (installation, options, name = '') => {
    const { auth, readOnly = false } = options;
    const tenant = await tenantOf(installation, options);
    const settings = { ...DEFAULT_INTEGRATION, ...settingsChangeOf(options), name, auth, readOnly };
    const created = await installation.integrations.create(tenant, settings);
    const baseUrl = scimUrlOf(installation.config);
    return {
      json: { ...headOf(created.integration, tenant, baseUrl), ...secretFields(created.secret) },
      text: `Created the integration ${created.integration.name} in ${tenant.domain}.\n\n${issuedText(baseUrl, created.secret)}`,
    };
  });

  const list = integration
    .command('list')
    .description('list the integrations of a tenant')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(list, async (installation, options) => {
    const tenant = await tenantOf(installation, options);
    const found = await installation.integrations.list(tenant);
    const baseUrl = scimUrlOf(installation.config);
    const rows = found.map((each) => [each.id, each.name, each.auth, each.settings.dialect, each.created]);
    return {
      json: found.map((each) => jsonOf(each, tenant, baseUrl)),
      text: table(['ID', 'NAME', 'AUTH', 'DIALECT', 'CREATED'], rows, `${tenant.domain} has no integration.`),
    };
  });

  const show = integration
    .command('show')
    .description('show an integration with its credentials')
    .argument('<integration>', 'its id or name')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(show, async (installation, options, idOrName = '') => {
    const tenant = await tenantOf(installation, options);
    const found = await installation.integrations.find(tenant, idOrName);
    const credentials = await installation.credentials.list(found);
    const now = installation.now();
    const baseUrl = scimUrlOf(installation.config);
    const shown = fields([
      ['Name', found.name],
      ['Id', found.id],
      ['Tenant', tenant.domain],
      ['SCIM base URL', baseUrl],
      ['Authorization', found.auth],
      ...settingsFields(found),
      ['Created', found.created],
    ]);
    return {
      json: {
        ...jsonOf(found, tenant, baseUrl),
        credentials: credentials.map((credential) => credentialJson(credential, now)),
      },
      text: `${shown}\n\n${credentialTable(credentials, now)}`,
    };
  });

  const update = integration
    .command('update')
    .description('change an integration; its next request is served by the new settings')
    .argument('<integration>', 'its id or name')
    .option(...TENANT_OPTION)
    .option('--name <name>', 'what people are to call it')
    .addOption(dialectOption())
    .option('--require-primary-email', 'ask new users for an e-mail address marked as primary')
    .option('--no-require-primary-email', 'take new users without one');
  addByDialectOption(addSettingsOptions(update));
  onInstallation<UpdateOptions>(update, async (installation, options, idOrName = '') => {
    const { name } = options;
    const change = { ...settingsChangeOf(options), ...(name !== undefined && { name }) };
    if (Object.keys(change).length === 0)
      throw new ServiceError(
        'invalid',
        'Say what to change: "roster integration update --help" has the options.',
      );
    const tenant = await tenantOf(installation, options);
    const found = await installation.integrations.find(tenant, idOrName);
    const updated = await installation.integrations.update(found, change);
    const baseUrl = scimUrlOf(installation.config);
    return {
      json: jsonOf(updated, tenant, baseUrl),
      text: fields([['Name', updated.name], ...settingsFields(updated)]),
    };
  });

  const remove = integration
    .command('delete')
    .description('delete an integration; its credentials stop working at once')
    .argument('<integration>', 'its id or name')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(remove, async (installation, options, idOrName = '') => {
    const tenant = await tenantOf(installation, options);
    const found = await installation.integrations.find(tenant, idOrName);
    await installation.integrations.remove(found);
    return {
      json: { ...jsonOf(found, tenant, scimUrlOf(installation.config)), deleted: true },
      text: `Deleted the integration ${found.name} of ${tenant.domain}: its credentials work no more.`,
    };
  });
}

const headOf = ({ id, name, auth }: Integration, { domain }: Tenant, baseUrl: string) => ({
  id,
  name,
  tenant: domain,
  baseUrl,
  auth,
});

const jsonOf = (integration: Integration, tenant: Tenant, baseUrl: string) => ({
  ...headOf(integration, tenant, baseUrl),
  ...settingsJson(integration.settings),
  created: integration.created,
});
