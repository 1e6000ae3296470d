import { Group, Text } from '@mantine/core';
import { StatusBadge, type Tone } from '../../ui/status-badge.tsx';
import type { Column } from '../../ui/table-column.ts';
import { TimeText } from '../../ui/time-text.tsx';
import type { RequestSummary } from './request-search.ts';
import classes from './requests.module.css';

const toneOf = (status: number): Tone => (status < 400 ? 'good' : status < 500 ? 'warning' : 'bad');

export function RequestStatus({ status }: { readonly status: number }) {
  return <StatusBadge tone={toneOf(status)}>{String(status)}</StatusBadge>;
}

/** Milliseconds as people read them. */
export const durationText = (ms: number): string =>
  ms < 10 ? `${ms.toFixed(1)} ms` : ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`;

/** The columns that all lists of requests have. */
export const REQUEST_COLUMNS: readonly Column<RequestSummary>[] = [
  {
    id: 'request',
    title: 'Request',
    render: ({ method, path }) => (
      <Text span inherit ff="monospace" size="sm" className={classes.path}>
        {method} {path}
      </Text>
    ),
  },
  {
    id: 'status',
    title: 'Status',
    width: 170,
    render: ({ status, scimType }) => (
      <Group gap={6}>
        <RequestStatus status={status} />
        {scimType !== undefined && (
          <Text span size="xs" c="dimmed">
            {scimType}
          </Text>
        )}
      </Group>
    ),
  },
  { id: 'time', title: 'Time', width: 130, render: ({ time }) => <TimeText value={time} /> },
  { id: 'provider', title: 'Provider', width: 120, render: ({ provider }) => provider },
  {
    id: 'ms',
    title: 'Took',
    width: 80,
    align: 'right',
    isMinor: true,
    render: ({ ms }) => durationText(ms),
  },
];
