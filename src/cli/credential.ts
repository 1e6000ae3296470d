import type { Command } from 'commander';
import type { Credential } from '../storage/directory.ts';
import { onInstallation, TENANT_OPTION, type TenantOptions, tenantOf } from './command.ts';
import { scimUrlOf } from './installation.ts';
import { table } from './output.ts';
import { issuedText, secretFields } from './secret-text.ts';
import { parseTime, TIME_FORMS } from './time.ts';

interface AddOptions extends TenantOptions {
  readonly expires?: string;
}

interface RevokeOptions extends TenantOptions {
  readonly at?: string;
}

/** `roster credential …` */
export function addCredentialCommands(program: Command): void {
  const credential = program
    .command('credential')
    .description(
      'secrets of an integration: add one, move the identity provider to it, then revoke the old one',
    );

  const add = credential
    .command('add')
    .description('give an integration one more credential; the others go on working')
    .argument('<integration>', 'its id or name')
    .option('--expires <time>', `when it stops working: ${TIME_FORMS} (default: when it is revoked)`)
    .option(...TENANT_OPTION);
  onInstallation<AddOptions>(add, async (installation, options, idOrName = '') => {
    const { config, integrations, credentials, now } = installation;
    const expires = options.expires === undefined ? undefined : parseTime(options.expires, now());
    const tenant = await tenantOf(installation, options);
    const integration = await integrations.find(tenant, idOrName);
    const added = await credentials.add(integration, expires);
    const baseUrl = scimUrlOf(config);
    return {
      json: {
        id: added.credential.id,
        integration: integration.id,
        tenant: tenant.domain,
        baseUrl,
        auth: integration.auth,
        expires: added.credential.expires ?? null,
        ...secretFields(added.secret),
      },
      text: `Added the credential ${added.credential.id} to ${integration.name}.\n\n${issuedText(baseUrl, added.secret)}`,
    };
  });

  const list = credential
    .command('list')
    .description('list the credentials of an integration; their secrets are not kept')
    .argument('<integration>', 'its id or name')
    .option(...TENANT_OPTION);
  onInstallation<TenantOptions>(list, async (installation, options, idOrName = '') => {
    const tenant = await tenantOf(installation, options);
    const found = await installation.credentials.list(await installation.integrations.find(tenant, idOrName));
    const now = installation.now();
    return { json: found.map((each) => credentialJson(each, now)), text: credentialTable(found, now) };
  });

  const revoke = credential
    .command('revoke')
    .description('end a credential')
    .argument('<credential id>')
    .option('--at <time>', `when: ${TIME_FORMS} (default: now)`)
    .option(...TENANT_OPTION);
  onInstallation<RevokeOptions>(revoke, async (installation, options, id = '') => {
    const { credentials, now } = installation;
    const at = options.at === undefined ? undefined : parseTime(options.at, now());
    const tenant = await tenantOf(installation, options);
    const revoked = await credentials.revoke(tenant, id, at);
    const ends = isActive(revoked, now()) ? `works until ${revoked.expires}` : 'works no more';
    return { json: credentialJson(revoked, now()), text: `The credential ${revoked.id} ${ends}.` };
  });
}

const isActive = ({ expires }: Credential, now: number): boolean =>
  expires === undefined || now < Date.parse(expires);

/** @param now milliseconds since 1970, to tell whether it works */
export const credentialJson = (credential: Credential, now: number) => ({
  id: credential.id,
  integration: credential.integrationId,
  active: isActive(credential, now),
  created: credential.created,
  lastUsed: credential.lastUsed ?? null,
  expires: credential.expires ?? null,
  suffix: credential.suffix,
});

/** @param now milliseconds since 1970, to tell which of them work */
export const credentialTable = (credentials: readonly Credential[], now: number): string =>
  table(
    ['CREDENTIAL', 'ENDS WITH', 'STATE', 'CREATED', 'LAST USED', 'EXPIRES'],
    credentials.map((each) => [
      each.id,
      `…${each.suffix}`,
      isActive(each, now) ? 'active' : 'ended',
      each.created,
      each.lastUsed ?? 'never',
      each.expires ?? 'never',
    ]),
    'There is no credential.',
  );
