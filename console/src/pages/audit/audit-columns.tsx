import { Text } from '@mantine/core';
import { StatusBadge } from '../../ui/status-badge.tsx';
import type { Column } from '../../ui/table-column.ts';
import { TimeText } from '../../ui/time-text.tsx';
import type { AuditRecord } from './audit-search.ts';

export const VIA_NAMES: Readonly<Record<AuditRecord['via'], string>> = {
  console: 'Console',
  api: 'API',
  cli: 'Command line',
  scim: 'SCIM',
  system: 'Roster itself',
};

export const AUDIT_COLUMNS: readonly Column<AuditRecord>[] = [
  {
    id: 'action',
    title: 'Action',
    render: ({ action }) => (
      <Text span inherit ff="monospace" size="sm">
        {action}
      </Text>
    ),
  },
  {
    id: 'target',
    title: 'What',
    render: ({ target }) => (target === undefined ? '' : `${target.type} ${target.name ?? target.id ?? ''}`),
  },
  { id: 'actor', title: 'Who', render: ({ actor }) => actor.name },
  { id: 'via', title: 'By', width: 130, render: ({ via }) => VIA_NAMES[via] },
  { id: 'time', title: 'Time', width: 150, render: ({ time }) => <TimeText value={time} /> },
  {
    id: 'result',
    title: 'Result',
    width: 120,
    render: ({ result }) => (
      <StatusBadge tone={result === 'success' ? 'good' : 'bad'}>
        {result === 'success' ? 'Done' : 'Refused'}
      </StatusBadge>
    ),
  },
];
