import type { Tenant } from '../storage/directory.ts';
import type { RequestHour, TenantHour } from '../storage/request-log.ts';
import type { Storage } from '../storage/storage.ts';
import type { Clock } from './clock.ts';
import { hourOf, inTurns } from './overview.ts';
import type { Registries } from './registries.ts';
import type { Traffic } from './request-log.ts';
import { ServiceError } from './service-error.ts';
import { countResources } from './sizes.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** More points than a chart can show: 100 days by the hour. */
const MOST_POINTS = 2400;

const STEPS = { hour: HOUR_MS, day: DAY_MS } as const;

export interface Period {
  /** Milliseconds since 1970; undefined: a day before the end. */
  readonly since: number | undefined;
  /** undefined: now. */
  readonly until: number | undefined;
  readonly step: keyof typeof STEPS;
}

/** An hour or a day, in UTC. */
interface StatisticsPoint {
  /** When it begins: ISO 8601, UTC. */
  readonly time: string;
  readonly requests: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  /** Milliseconds that an answer took on average; undefined: there was none. */
  readonly meanMs: number | undefined;
  /** How many there were at its end; undefined: nobody has counted by then. */
  readonly users: number | undefined;
  readonly groups: number | undefined;
}

export interface Statistics {
  /**
   * @param integrationId whose requests; undefined: those of the whole tenant
   * @throws ServiceError when the period ends before it begins, or has too many steps
   */
  of(tenant: Tenant, period: Period, integrationId?: string): Promise<StatisticsPoint[]>;
  /** Of several tenants together. @throws ServiceError as `of` */
  ofAll(tenants: readonly Tenant[], period: Period): Promise<StatisticsPoint[]>;
}

export function createStatistics({
  storage,
  registries,
  traffic,
  now,
}: {
  readonly storage: Pick<Storage, 'directory' | 'listResources'>;
  readonly registries: Registries;
  readonly traffic: Traffic;
  readonly now: Clock;
}): Statistics {
  async function of(tenant: Tenant, period: Period, integrationId?: string): Promise<StatisticsPoint[]> {
    const time = now();
    const starts = startsOf(period, time);
    const first = starts[0] ?? time;
    const [hours, totals, sizes] = await Promise.all([
      traffic.listHours(tenant.id, first),
      traffic.listTotals(tenant.id, first),
      countResources(storage, registries, tenant),
    ]);
    const sizeOf = (type: string): number => sizes.find((size) => size.type === type)?.total ?? 0;
    const present = { hour: hourOf(time), users: sizeOf('User'), groups: sizeOf('Group') };
    const wanted = hours.filter(
      (each) => integrationId === undefined || each.integrationId === integrationId,
    );
    return pointsOf(starts, STEPS[period.step], wanted, [...totals, present]);
  }

  return {
    of,
    async ofAll(tenants, period) {
      const empty = startsOf(period, now()).map(
        (start): StatisticsPoint => ({
          ...{ time: new Date(start).toISOString(), requests: 0, clientErrors: 0, serverErrors: 0 },
          ...{ meanMs: undefined, users: undefined, groups: undefined },
        }),
      );
      return (await inTurns(tenants, (tenant) => of(tenant, period))).reduce(
        (sums, points) =>
          sums.map((sum, index) => {
            const point = points[index];
            return point === undefined ? sum : added(sum, point);
          }),
        empty,
      );
    },
  };
}

/** @throws ServiceError */
function startsOf({ since, until, step }: Period, now: number): number[] {
  const length = STEPS[step];
  const end = until ?? now;
  const begin = Math.floor((since ?? end - DAY_MS) / length) * length;
  if (begin > end) throw new ServiceError('invalid', 'The period ends before it begins.', { field: 'until' });
  const count = Math.floor((end - begin) / length) + 1;
  if (count > MOST_POINTS)
    throw new ServiceError('invalid', `At most ${MOST_POINTS} steps are given at once: take longer ones.`, {
      field: 'step',
    });
  return Array.from({ length: count }, (_, index) => begin + index * length);
}

function pointsOf(
  starts: readonly number[],
  length: number,
  hours: readonly RequestHour[],
  totals: readonly TenantHour[],
): StatisticsPoint[] {
  const byStart = new Map<number, RequestHour[]>();
  for (const hour of hours) {
    const start = Math.floor(timeOf(hour) / length) * length;
    byStart.set(start, [...(byStart.get(start) ?? []), hour]);
  }
  let counted: TenantHour | undefined;
  let next = 0;
  return starts.map((start) => {
    for (
      let total = totals[next];
      total !== undefined && timeOf(total) < start + length;
      total = totals[next]
    ) {
      counted = total;
      next += 1;
    }
    const sum = { requests: 0, clientErrors: 0, serverErrors: 0, ms: 0 };
    for (const { requests, refused, failed, ms } of byStart.get(start) ?? []) {
      sum.requests += requests;
      sum.clientErrors += refused;
      sum.serverErrors += failed;
      sum.ms += ms;
    }
    const { ms, ...counts } = sum;
    return {
      time: new Date(start).toISOString(),
      ...counts,
      meanMs: meanOf(ms, sum.requests),
      users: counted?.users,
      groups: counted?.groups,
    };
  });
}

const timeOf = ({ hour }: { readonly hour: string }): number => Date.parse(`${hour}:00:00.000Z`);

const meanOf = (ms: number, requests: number): number | undefined =>
  requests === 0 ? undefined : Math.round((ms / requests) * 10) / 10;

function added(a: StatisticsPoint, b: StatisticsPoint): StatisticsPoint {
  const requests = a.requests + b.requests;
  return {
    time: a.time,
    requests,
    clientErrors: a.clientErrors + b.clientErrors,
    serverErrors: a.serverErrors + b.serverErrors,
    meanMs: meanOf((a.meanMs ?? 0) * a.requests + (b.meanMs ?? 0) * b.requests, requests),
    users: b.users === undefined ? a.users : (a.users ?? 0) + b.users,
    groups: b.groups === undefined ? a.groups : (a.groups ?? 0) + b.groups,
  };
}
