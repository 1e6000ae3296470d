import '@mantine/charts/styles.css';
import { BarChart, LineChart } from '@mantine/charts';
import { Card, SimpleGrid, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Answer } from '../../api/client.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { PERIODS, type PeriodName } from './period.ts';

type Points = Answer<'GET /statistics'>;

const hourLabel = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayHourLabel = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
// days are those of UTC, as they were counted
const dayLabel = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const LABELS = { day: hourLabel, week: dayHourLabel, quarter: dayLabel };

const counted = (count: number, what: string): string =>
  `${count.toLocaleString()} ${what}${count === 1 ? '' : 's'}`;

const HEIGHT = 220;

export interface ChartsProps {
  readonly query: UseQueryResult<Points, Error>;
  readonly period: PeriodName;
}

/** Requests and errors, users and groups over time, each with its sum in words. The chart library comes with it. */
export function Charts({ query, period }: ChartsProps) {
  return (
    <Loaded query={query}>
      {(points) => {
        const label = LABELS[period];
        const sum = (of: (point: Points[number]) => number) =>
          points.reduce((all, point) => all + of(point), 0);
        const requests = sum((point) => point.requests);
        const errors = sum((point) => point.clientErrors + point.serverErrors);
        const last = points.at(-1);
        const rows = points.map(({ time, clientErrors, serverErrors, users, groups, ...point }) => ({
          time: label.format(Date.parse(time)),
          Answered: point.requests - clientErrors - serverErrors,
          Refused: clientErrors,
          Failed: serverErrors,
          Users: users ?? null,
          Groups: groups ?? null,
        }));
        return (
          <SimpleGrid cols={{ base: 1, lg: 2 }}>
            <ChartCard
              title="Requests"
              summary={`${requests.toLocaleString()} in ${PERIODS[period].label}, ${errors.toLocaleString()} with an error`}
            >
              <BarChart
                h={HEIGHT}
                data={rows}
                dataKey="time"
                type="stacked"
                series={[
                  { name: 'Answered', color: 'teal.6' },
                  { name: 'Refused', label: 'Refused (4xx)', color: 'yellow.6' },
                  { name: 'Failed', label: 'Failed (5xx)', color: 'red.7' },
                ]}
                withLegend
                legendProps={{ verticalAlign: 'bottom' }}
                maxBarWidth={24}
                barProps={{ isAnimationActive: false }}
                barChartProps={{ accessibilityLayer: false }}
                yAxisProps={{ allowDecimals: false, width: 44 }}
                xAxisProps={{ minTickGap: 24 }}
              />
            </ChartCard>
            <ChartCard
              title="Users and groups"
              summary={`${counted(last?.users ?? 0, 'user')} and ${counted(last?.groups ?? 0, 'group')} now`}
            >
              <LineChart
                h={HEIGHT}
                data={rows}
                dataKey="time"
                series={[
                  { name: 'Users', color: 'roster.6' },
                  { name: 'Groups', color: 'grape.6' },
                ]}
                withLegend
                legendProps={{ verticalAlign: 'bottom' }}
                curveType="stepAfter"
                withDots={rows.filter(({ Users }) => Users !== null).length < 3}
                lineProps={{ isAnimationActive: false }}
                lineChartProps={{ accessibilityLayer: false }}
                yAxisProps={{ allowDecimals: false, width: 44 }}
                xAxisProps={{ minTickGap: 24 }}
              />
            </ChartCard>
          </SimpleGrid>
        );
      }}
    </Loaded>
  );
}

interface ChartCardProps {
  readonly title: string;
  readonly summary: string;
  readonly children: React.ReactNode;
}

function ChartCard({ title, summary, children }: ChartCardProps) {
  return (
    <Card withBorder padding="md" component="section">
      <Title order={3} size="h5">
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {summary}
      </Text>
      {/* the summary says it for those who do not see it */}
      <div aria-hidden>{children}</div>
    </Card>
  );
}
