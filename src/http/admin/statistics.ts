import { seesTenant } from '../../service/access.ts';
import type { Attention } from '../../service/health.ts';
import type { Period } from '../../service/statistics.ts';
import type { STATISTICS_ROUTES } from './contract/statistics.ts';
import type { HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';

const shownAttention = ({ kind, tenant, integration: { id, name }, detail, since }: Attention) => ({
  ...{ kind, tenant: tenant.domain, integration: { id, name }, detail, since },
});

const periodOf = ({
  since,
  until,
  step,
}: {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly step: Period['step'];
}): Period => ({ since: timeOf(since), until: timeOf(until), step });

const timeOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text);

/** Figures, and what needs to be looked at. */
export function statisticsHandlers({
  overview,
  statistics,
}: AdminServices): HandlersOf<typeof STATISTICS_ROUTES> {
  return {
    async getOverview({ by: { tenants }, caller: { operator } }) {
      const visible = (await tenants.list()).filter((tenant) => seesTenant(operator, tenant));
      const all = await overview.ofAll(visible);
      return {
        tenants: all.map(({ tenant: { domain, name, active }, attention: _, ...figures }) => ({
          ...{ domain, name, active, ...figures },
        })),
        attention: all.flatMap(({ attention }) => attention.map(shownAttention)),
      };
    },

    async getTenantOverview({ tenant }) {
      const { tenant: _, attention, ...figures } = await overview.of(tenant);
      return { ...figures, attention: attention.map(shownAttention) };
    },

    getStatistics: ({ tenant, query }) => statistics.of(tenant, periodOf(query), query.integration),

    async getServerStatistics({ by: { tenants }, query }) {
      return statistics.ofAll(await tenants.list(), periodOf(query));
    },
  };
}
