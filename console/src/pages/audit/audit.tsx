import { Button, Group } from '@mantine/core';
import { IconDownload, IconHistory } from '@tabler/icons-react';
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { type Answer, download } from '../../api/client.ts';
import { Cancelled, messageOf } from '../../api/error.ts';
import { ask } from '../../api/queries.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { DetailDrawer } from '../../ui/detail-drawer.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { tell } from '../../ui/tell.ts';
import { useChangeSearch } from '../../ui/use-url-state.ts';
import { AUDIT_COLUMNS } from './audit-columns.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { AuditRecordDetails } from './audit-record.tsx';
import { type AuditSearch, isFiltered, NO_FILTERS, useAuditFilters } from './audit-search.ts';

const tenantRoute = getRouteApi('/in/t/$tenant/audit');
const serverRoute = getRouteApi('/in/audit');

/** Who changed what in a tenant. */
export function TenantAudit() {
  const { tenant } = tenantRoute.useParams();
  const search = tenantRoute.useSearch();
  const filters = useAuditFilters(search);
  const { after } = search;
  const query = useQuery({
    ...ask('GET /tenants/{tenant}/audit', {
      params: { tenant },
      query: { ...filters, ...(after !== undefined && { after }) },
    }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHeader
        title="Audit"
        description="Who changed what: by the console, the API, the command line or SCIM."
        actions={<ExportButtons tenant={tenant} filters={filters} />}
      />
      <Records query={query} search={search} tenant={tenant} />
    </>
  );
}

/** Who changed what that belongs to no tenant. */
export function ServerAudit() {
  const search = serverRoute.useSearch();
  const filters = useAuditFilters(search);
  const { after } = search;
  const query = useQuery({
    ...ask('GET /audit', { query: { ...filters, ...(after !== undefined && { after }) } }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHeader
        title="Server audit"
        description="What belongs to no tenant: sign-ins of owners, tenants that came and went, settings."
      />
      <Records query={query} search={search} tenant={undefined} />
    </>
  );
}

interface RecordsProps {
  readonly query: UseQueryResult<Answer<'GET /audit'>, Error>;
  readonly search: AuditSearch;
  readonly tenant: string | undefined;
}

function Records({ query, search, tenant }: RecordsProps) {
  const change = useChangeSearch<AuditSearch>();
  const next = query.data?.next;
  const open = query.data?.items.find(({ id }) => id === search.open);
  return (
    <>
      <AuditFilters search={search} change={change} />
      <DataTable
        label="Audit records"
        query={query}
        rowsOf={({ items }) => items}
        idOf={({ id }) => id}
        columns={AUDIT_COLUMNS}
        onOpen={({ id }) => change({ open: id })}
        pages={{
          onNext: next === undefined ? undefined : () => change({ after: next }),
          onPrevious: search.after === undefined ? undefined : () => change({ after: undefined }),
        }}
        empty={
          <EmptyState
            icon={IconHistory}
            title={isFiltered(search) ? 'No record fits' : 'Nothing has been changed yet'}
            action={isFiltered(search) && <Button onClick={() => change(NO_FILTERS)}>Clear filters</Button>}
          >
            Every change is kept here with who made it.
          </EmptyState>
        }
      />
      <DetailDrawer
        opened={open !== undefined}
        onClose={() => change({ open: undefined })}
        title="Audit record"
      >
        {open !== undefined && <AuditRecordDetails record={open} tenant={tenant} />}
      </DetailDrawer>
    </>
  );
}

interface ExportButtonsProps {
  readonly tenant: string;
  readonly filters: ReturnType<typeof useAuditFilters>;
}

/** Saves what the filters leave as a file. */
function ExportButtons({ tenant, filters }: ExportButtonsProps) {
  const [saving, setSaving] = useState<'csv' | 'ndjson'>();
  const save = async (format: 'csv' | 'ndjson') => {
    setSaving(format);
    try {
      await download(
        'GET /tenants/{tenant}/audit/export',
        { params: { tenant }, query: { ...filters, format } },
        `audit-${tenant}.${format}`,
      );
    } catch (error) {
      if (!(error instanceof Cancelled)) tell.failure(messageOf(error));
    } finally {
      setSaving(undefined);
    }
  };
  return (
    <Group gap="xs">
      {(['csv', 'ndjson'] as const).map((format) => (
        <Button
          key={format}
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={saving === format}
          onClick={() => void save(format)}
        >
          Export {format === 'csv' ? 'CSV' : 'JSON lines'}
        </Button>
      ))}
    </Group>
  );
}
