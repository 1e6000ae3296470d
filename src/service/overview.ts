import type { Tenant } from '../storage/directory.ts';
import type { RequestHour } from '../storage/request-log.ts';
import type { Storage } from '../storage/storage.ts';
import type { Clock } from './clock.ts';
import { type Attention, attentionOf, healthOf, type IntegrationState, sumOf } from './health.ts';
import type { Registries } from './registries.ts';
import type { Traffic } from './request-log.ts';
import { countResources } from './sizes.ts';

const DAY_MS = 86_400_000;

/** Tenants that are looked at side by side: each takes a few connections. */
const AT_ONCE = 4;

/** A tenant in figures; requests and errors are those of the last 24 hours. */
interface TenantOverview {
  readonly tenant: Tenant;
  readonly users: number;
  readonly groups: number;
  readonly integrations: number;
  readonly requests: number;
  readonly errors: number;
  readonly attention: readonly Attention[];
}

/** What is looked at together with what it follows from. */
export interface Overview {
  /** The integrations of a tenant with their credentials, and how they do. */
  integrations(tenant: Tenant): Promise<IntegrationState[]>;
  of(tenant: Tenant): Promise<TenantOverview>;
  ofAll(tenants: readonly Tenant[]): Promise<TenantOverview[]>;
}

export function createOverview({
  storage,
  registries,
  traffic,
  now,
}: {
  readonly storage: Pick<Storage, 'directory' | 'listResources'>;
  readonly registries: Registries;
  readonly traffic: Traffic;
  readonly now: Clock;
}): Overview {
  async function look(tenant: Tenant): Promise<{ states: IntegrationState[]; hours: RequestHour[] }> {
    const { id, active } = tenant;
    const { directory } = storage;
    const time = now();
    const [integrations, credentials, activity, hours] = await Promise.all([
      directory.listIntegrations(id),
      directory.listCredentials(id, undefined),
      traffic.listActivity(id),
      traffic.listHours(id, time - DAY_MS),
    ]);
    const states = integrations.map((integration): IntegrationState => {
      const own = {
        isTenantActive: active,
        credentials: credentials.filter(({ integrationId }) => integrationId === integration.id),
        activity: activity.find(({ integrationId }) => integrationId === integration.id),
        hours: hours.filter(({ integrationId }) => integrationId === integration.id),
      };
      return {
        ...{ integration, credentials: own.credentials, health: healthOf(own, time) },
        ...sumOf(own.hours),
      };
    });
    return { states, hours };
  }

  async function overview(tenant: Tenant): Promise<TenantOverview> {
    const [{ states, hours }, sizes] = await Promise.all([
      look(tenant),
      countResources(storage, registries, tenant),
    ]);
    const total = (type: string): number => sizes.find((size) => size.type === type)?.total ?? 0;
    const time = now();
    return {
      ...{ tenant, users: total('User'), groups: total('Group'), integrations: states.length },
      ...sumOf(hours),
      attention: states.flatMap((state) => attentionOf(tenant, state, time)),
    };
  }

  return {
    integrations: async (tenant) => (await look(tenant)).states,
    of: overview,
    ofAll: (tenants) => inTurns(tenants, overview),
  };
}

/** An hour as the statistics name it. @param time milliseconds since 1970 */
export const hourOf = (time: number): string => new Date(time).toISOString().slice(0, '2026-11-22T03'.length);

/** Does something for each item, for a few of them at once. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE)
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  return results;
}
