import { Button, Group, Select, TextInput } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries.ts';
import { SearchBox } from '../../ui/search-box.tsx';
import { isFiltered, NO_FILTERS, type RequestSearch, SPAN_NAMES } from './request-search.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const STATUSES = [
  { value: '2xx', label: '2xx: done' },
  { value: '4xx', label: '4xx: refused' },
  { value: '5xx', label: '5xx: failed' },
  ...['400', '401', '403', '404', '409', '412', '413', '429'].map((value) => ({ value, label: value })),
];
const PROVIDERS = [
  ...['Microsoft Entra ID', 'Okta', 'SAP Cloud Identity Services', 'OneLogin', 'JumpCloud', 'Ping Identity'],
  ...['Google Workspace', 'SailPoint', 'curl', 'other'],
];

interface FilterBarProps {
  readonly search: RequestSearch;
  readonly change: (patch: Partial<RequestSearch>) => void;
  /** More filters. */
  readonly children?: ReactNode;
}

/** What narrows a list of requests; all of it is in the URL. */
export function FilterBar({ search, change, children }: FilterBarProps) {
  return (
    <Group gap="xs" mb="md" align="center" role="search" aria-label="Filter requests">
      <SearchBox
        label="Path begins with"
        placeholder="Path, such as /scim/v2/Users"
        value={search.path}
        onChange={(path) => change({ path })}
      />
      <Choice
        label="Status"
        data={STATUSES}
        value={search.status}
        onChange={(status) => change({ status })}
      />
      <Choice label="Method" data={METHODS} value={search.method} onChange={(method) => change({ method })} />
      <Choice
        label="Provider"
        data={PROVIDERS}
        value={search.provider}
        onChange={(provider) => change({ provider })}
      />
      <Choice
        label="Time"
        data={Object.entries(SPAN_NAMES).map(([value, label]) => ({ value, label }))}
        value={search.span}
        onChange={(span) =>
          change({ span: span as RequestSearch['span'], since: undefined, until: undefined })
        }
      />
      {children}
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

/** The filters that only the requests of a tenant have. */
export function TenantFilters({ tenant, search, change }: FilterBarProps & { readonly tenant: string }) {
  const integrations = useQuery(ask('GET /tenants/{tenant}/integrations', { params: { tenant } }));
  const tolerances = useQuery(ask('GET /tolerances'));
  return (
    <>
      <Choice
        label="Integration"
        data={(integrations.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={search.integration}
        onChange={(integration) => change({ integration })}
      />
      <Choice
        label="Tolerance"
        data={(tolerances.data ?? []).map(({ name }) => name)}
        value={search.tolerance}
        onChange={(tolerance) => change({ tolerance })}
      />
      {search.resource !== undefined && (
        <TextInput
          aria-label="Id of the resource"
          title="Id of the resource"
          ff="monospace"
          value={search.resource}
          onChange={(event) => change({ resource: event.currentTarget.value || undefined })}
          w={320}
        />
      )}
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly data: readonly (string | { readonly value: string; readonly label: string })[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** One of several; nothing chosen: all. */
function Choice({ label, data, value, onChange }: ChoiceProps) {
  const known = data.some((item) => (typeof item === 'string' ? item : item.value) === value);
  return (
    <Select
      aria-label={label}
      placeholder={label}
      data={known || value === undefined ? [...data] : [...data, value]}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      clearable
      searchable={data.length > 8}
      w={label.length > 8 ? 170 : 150}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
    />
  );
}
