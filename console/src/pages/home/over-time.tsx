import { Group, SegmentedControl, SimpleGrid, Skeleton, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { Answer } from '../../api/client.ts';
import { PERIODS, type PeriodName } from './period.ts';

/** Comes after the figures, which need no library. */
const Charts = lazy(async () => ({ default: (await import('./charts.tsx')).Charts }));

/** About the height of a chart with its title. */
const CARD_HEIGHT = 320;

interface OverTimeProps {
  readonly query: UseQueryResult<Answer<'GET /statistics'>, Error>;
  readonly period: PeriodName;
  readonly onPeriod: (period: PeriodName) => void;
}

/** What has happened, as charts of a period that can be chosen. */
export function OverTime({ query, period, onPeriod }: OverTimeProps) {
  return (
    <>
      <Group justify="space-between">
        <Title order={2} size="h4">
          Over time
        </Title>
        <SegmentedControl
          size="xs"
          aria-label="Period"
          value={period}
          onChange={(next) => onPeriod(next as PeriodName)}
          data={Object.entries(PERIODS).map(([name, { label }]) => ({ value: name, label }))}
        />
      </Group>
      <Suspense fallback={<ChartSkeletons />}>
        <Charts query={query} period={period} />
      </Suspense>
    </>
  );
}

const ChartSkeletons = () => (
  <SimpleGrid cols={{ base: 1, lg: 2 }} aria-hidden>
    <Skeleton h={CARD_HEIGHT} />
    <Skeleton h={CARD_HEIGHT} />
  </SimpleGrid>
);
