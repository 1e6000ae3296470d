import { Button, Group, Select } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import { SearchBox } from '../../ui/search-box.tsx';
import { VIA_NAMES } from './audit-columns.tsx';
import { type AuditSearch, isFiltered, NO_FILTERS, SPAN_NAMES } from './audit-search.ts';

interface AuditFiltersProps {
  readonly search: AuditSearch;
  readonly change: (patch: Partial<AuditSearch>) => void;
}

const KINDS = [
  ...['user.', 'group.', 'credential.', 'integration.', 'operator.', 'schema.', 'tenant.'],
  ...['userStore.', 'session.', 'audit.'],
];

/** What narrows the audit; all of it is in the URL. */
export function AuditFilters({ search, change }: AuditFiltersProps) {
  return (
    <Group gap="xs" mb="md" role="search" aria-label="Filter the audit">
      <SearchBox
        label="Action begins with"
        placeholder={`Action, such as ${KINDS[0]} or credential.revoke`}
        value={search.action}
        onChange={(action) => change({ action })}
      />
      <Select
        aria-label="Way"
        placeholder="By any way"
        data={Object.entries(VIA_NAMES).map(([value, label]) => ({ value, label }))}
        value={search.via ?? null}
        onChange={(via) => change({ via: (via ?? undefined) as AuditSearch['via'] })}
        clearable
        w={160}
      />
      <Select
        aria-label="Time"
        placeholder="Any time"
        data={Object.entries(SPAN_NAMES).map(([value, label]) => ({ value, label }))}
        value={search.span ?? null}
        onChange={(span) =>
          change({ span: (span ?? undefined) as AuditSearch['span'], since: undefined, until: undefined })
        }
        clearable
        w={160}
      />
      {isFiltered(search) && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconFilterOff size={16} aria-hidden />}
          onClick={() => change(NO_FILTERS)}
        >
          Clear filters
        </Button>
      )}
    </Group>
  );
}
