import { PROVIDERS } from '../../core/provider.ts';
import { TOLERANCE_NAMES, TOLERANCES } from '../../core/tolerance.ts';
import type { IntegrationState } from '../../service/health.ts';
import { DEFAULT_INTEGRATION } from '../../service/integrations.ts';
import { ServiceError } from '../../service/service-error.ts';
import type { INTEGRATION_ROUTES } from './contract/integrations.ts';
import { scimUrls, shownCredential, shownIssue } from './credentials.ts';
import type { HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';

/** Integrations with their settings, and how they do. */
export function integrationHandlers(served: AdminServices): HandlersOf<typeof INTEGRATION_ROUTES> {
  const { overview, services, baseUrl, requestLog } = served;
  type Tenant = Parameters<typeof overview.integrations>[0];

  const shown = ({ integration, credentials, health }: IntegrationState) => {
    const { id, name, auth, created, settings } = integration;
    const { dialect, requirePrimaryEmail, scopes, tolerances = {}, rateLimit, rateBurst } = settings;
    return {
      ...{ id, name, auth, created, ...scimUrls(baseUrl), health },
      settings: {
        ...{ dialect, requirePrimaryEmail, scopes: [...scopes], tolerances: { ...tolerances } },
        ...{ rateLimit: rateLimit ?? ('default' as const), rateBurst: rateBurst ?? ('default' as const) },
      },
      credentials: credentials.map((credential) => shownCredential(credential, auth, services.now())),
    };
  };

  async function show(tenant: Tenant, id: string) {
    const state = (await overview.integrations(tenant)).find(({ integration }) => integration.id === id);
    if (state === undefined)
      throw new ServiceError('notFound', `There is no integration ${id} in ${tenant.domain}.`);
    const integration = shown(state);
    return { ...integration, health: { ...integration.health, provider: await providerOf(tenant, id) } };
  }

  /** Which provider the last request seems to come from; undefined: none is kept, or it says nothing of itself. */
  async function providerOf(tenant: Tenant, integrationId: string): Promise<string | undefined> {
    const { requests } = await requestLog.list(tenant.id, { filter: { integrationId }, limit: 1 });
    const [last] = requests;
    return last === undefined || last.provider === 'other' ? undefined : PROVIDERS[last.provider];
  }

  return {
    async listIntegrations({ tenant }) {
      return (await overview.integrations(tenant)).map(shown);
    },

    async createIntegration({ by: { integrations }, tenant, body }) {
      const issued = await integrations.create(tenant, { ...DEFAULT_INTEGRATION, ...definedOf(body) });
      return { ...shownIssue(issued, served), integration: await show(tenant, issued.integration.id) };
    },

    getIntegration: ({ tenant, params }) => show(tenant, params.integration),

    async updateIntegration({ by: { integrations }, tenant, params, body }) {
      const { id } = await integrations.update(
        await integrations.get(tenant, params.integration),
        definedOf(body),
      );
      return show(tenant, id);
    },

    async deleteIntegration({ by: { integrations }, tenant, params }) {
      await integrations.remove(await integrations.get(tenant, params.integration));
      return undefined;
    },

    async listTolerances() {
      return TOLERANCE_NAMES.map((name) => {
        const { accepts, provider } = TOLERANCES[name];
        return { name, description: accepts, provider, standard: true };
      });
    },
  };
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** What is undefined is as good as absent. */
const definedOf = <T extends object>(values: T): Defined<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
