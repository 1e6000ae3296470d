import type { KeyObject } from 'node:crypto';
import type { Dialect } from '../core/tolerance.ts';
import type { Actor, AuditTarget } from '../storage/audit.ts';
import type { AuthorizationType, Integration, IntegrationSettings, Tenant } from '../storage/directory.ts';
import type { Storage } from '../storage/storage.ts';
import { SYSTEM_ACTOR } from './actor.ts';
import { auditBy } from './audit.ts';
import { type Clock, timestamp } from './clock.ts';
import { credentialTarget, type IssuedCredential, issueCredential } from './credentials.ts';
import { changeSettings, type SettingsChange } from './integration-settings.ts';
import { randomId } from './secrets.ts';
import { ServiceError } from './service-error.ts';

export interface NewIntegration extends SettingsChange {
  readonly name: string;
  readonly auth: AuthorizationType;
  readonly dialect: Dialect;
  readonly requirePrimaryEmail: boolean;
  readonly readOnly: boolean;
}

/** What to change of an integration; what is absent stays. */
interface IntegrationChange extends SettingsChange {
  readonly name?: string;
}

/** What an integration is when nothing else is asked for. */
export const DEFAULT_INTEGRATION: Omit<NewIntegration, 'name'> = {
  auth: 'bearer',
  dialect: 'standard',
  requirePrimaryEmail: true,
  readOnly: false,
};

/** The SCIM connections of tenants. */
export interface Integrations {
  /**
   * Creates an integration with its first credential, which never expires: it works until it is revoked.
   *
   * @throws ServiceError when the name can't be one, or a setting is wrong
   */
  create(
    tenant: Tenant,
    integration: NewIntegration,
  ): Promise<IssuedCredential & { readonly integration: Integration }>;
  list(tenant: Tenant): Promise<Integration[]>;
  /**
   * @param idOrName its id, or its name when no other integration of the tenant has it
   * @throws ServiceError when there is none, or several of that name
   */
  find(tenant: Tenant, idOrName: string): Promise<Integration>;
  /** @throws ServiceError when the tenant has none with this id */
  get(tenant: Tenant, id: string): Promise<Integration>;
  /**
   * Changes an integration; its next request is served by the new settings.
   *
   * @throws ServiceError when there is no such integration any more, the name can't be one, or a setting is wrong
   */
  update(integration: Integration, change: IntegrationChange): Promise<Integration>;
  /** Deletes an integration; its credentials stop working at once. */
  remove(integration: Integration): Promise<void>;
}

/** @param key the server's secret key */
export function createIntegrations({
  storage,
  now,
  key,
  actor = SYSTEM_ACTOR,
}: {
  readonly storage: Pick<Storage, 'directory' | 'audit'>;
  readonly now: Clock;
  readonly key: KeyObject;
  readonly actor?: Actor;
}): Integrations {
  const { directory } = storage;
  const append = auditBy({ storage, now }, actor);
  const targetOf = ({ id, name }: Integration): AuditTarget => ({ type: 'Integration', id, name });
  return {
    async create(tenant, { name, auth, readOnly, ...change }) {
      const issuedAt = now();
      const integration: Integration = {
        tenantId: tenant.id,
        id: randomId(),
        name: checkedName(name),
        auth,
        settings: changeSettings(initialSettings(change, readOnly), change),
        created: timestamp(issuedAt),
      };
      const { tenantId, id: integrationId } = integration;
      const issued = issueCredential({
        key,
        now: issuedAt,
        tenantId,
        integrationId,
        auth,
        expires: undefined,
      });
      await directory.createIntegration(integration, issued.credential);
      await append(tenantId, { action: 'integration.create', target: targetOf(integration) });
      await append(tenantId, {
        ...{ action: 'credential.create', target: credentialTarget(issued.credential) },
        detail: { text: `of the integration ${integration.name}` },
      });
      return { integration, ...issued };
    },

    list: (tenant) => directory.listIntegrations(tenant.id),

    async find(tenant, idOrName) {
      const byId = await directory.getIntegration(tenant.id, idOrName);
      if (byId !== undefined) return byId;
      const named = (await directory.listIntegrations(tenant.id)).filter(({ name }) => name === idOrName);
      const [only, ...others] = named;
      if (only === undefined) {
        throw new ServiceError(
          'notFound',
          `There is no integration ${idOrName} in tenant ${tenant.domain}; "roster integration list" shows them.`,
        );
      }
      if (others.length > 0) {
        const ids = named.map(({ id }) => id).join(', ');
        throw new ServiceError(
          'conflict',
          `Several integrations are named ${idOrName}: give one of the ids ${ids}.`,
        );
      }
      return only;
    },

    async get(tenant, id) {
      const integration = await directory.getIntegration(tenant.id, id);
      if (integration === undefined)
        throw new ServiceError('notFound', `There is no integration ${id} in ${tenant.domain}.`);
      return integration;
    },

    async update({ tenantId, id, name: oldName }, given) {
      const { name, ...change } = given;
      const updated = await directory.updateIntegration(tenantId, id, (current) => ({
        ...current,
        name: name === undefined ? current.name : checkedName(name),
        settings: changeSettings(current.settings, change),
      }));
      if (updated === undefined)
        throw new ServiceError('notFound', `There is no integration ${oldName} any more.`);
      const attributes = Object.entries(given).flatMap(([setting, value]) =>
        value === undefined ? [] : setting,
      );
      await append(tenantId, {
        ...{ action: 'integration.update', target: targetOf(updated), detail: { attributes } },
      });
      return updated;
    },

    async remove(integration) {
      const { tenantId, id } = integration;
      if (await directory.deleteIntegration(tenantId, id))
        await append(tenantId, { action: 'integration.delete', target: targetOf(integration) });
    },
  };
}

const initialSettings = (
  { dialect, requirePrimaryEmail }: Pick<NewIntegration, 'dialect' | 'requirePrimaryEmail'>,
  readOnly: boolean,
): IntegrationSettings => ({ dialect, requirePrimaryEmail, scopes: readOnly ? ['read'] : ['read', 'write'] });

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (!/^\P{Cc}{1,100}$/u.test(trimmed)) {
    throw new ServiceError(
      'invalid',
      'The name of an integration has 1 to 100 characters and no line break.',
      { field: 'name' },
    );
  }
  return trimmed;
}
