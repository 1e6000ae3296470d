import { Button, Modal, Stack } from '@mantine/core';
import { IconPlus, IconSchema } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { ask, useChange } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LinkButton, TextLink } from '../../ui/links.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Section } from '../../ui/section.tsx';
import { useChangeSearch } from '../../ui/use-url-state.ts';
import { AddResourceType } from './add-resource-type.tsx';
import type { ResourceType } from './definition.ts';

const route = getRouteApi('/in/t/$tenant/schemas');

/** What users, groups and other resources of a tenant consist of. */
export function Schemas() {
  const { tenant } = route.useParams();
  const search = route.useSearch();
  const change = useChangeSearch<typeof search>();
  const mayChange = useMayChange();
  const schemas = useQuery(ask('GET /tenants/{tenant}/schemas', { params: { tenant } }));
  const types = useQuery(ask('GET /tenants/{tenant}/resource-types', { params: { tenant } }));
  const [leaving, setLeaving] = useState<ResourceType>();
  const remove = useChange('DELETE /tenants/{tenant}/resource-types/{name}', {
    outdates: ['GET /tenants/{tenant}/resource-types', 'GET /tenants/{tenant}/schemas'],
    done: 'The resource type is deleted',
    showsErrors: true,
  });
  const closeType = () => change({ create: undefined });
  return (
    <>
      <PageHeader
        title="Schemas"
        description="The attributes that users, groups and resources of your own can have."
        actions={
          mayChange && (
            <LinkButton
              to="/t/$tenant/schemas/new"
              params={{ tenant }}
              leftSection={<IconPlus size={16} aria-hidden />}
            >
              Add schema
            </LinkButton>
          )
        }
      />
      <Stack gap="lg">
        <DataTable
          label="Schemas"
          query={schemas}
          rowsOf={(answer) => answer}
          idOf={({ id }) => id}
          columns={[
            {
              id: 'name',
              title: 'Schema',
              render: ({ id, definition }) => (
                <TextLink to="/t/$tenant/schemas/$schema" params={{ tenant, schema: id }} fw={600}>
                  {String(definition.name)}
                </TextLink>
              ),
            },
            { id: 'id', title: 'URN', render: ({ id }) => id },
            { id: 'usedBy', title: 'Used by', render: ({ usedBy }) => usedBy.join(', ') },
            {
              id: 'origin',
              title: 'Defined by',
              width: 130,
              render: ({ isBuiltIn }) => (isBuiltIn ? 'Roster' : 'the tenant'),
            },
          ]}
          empty={<EmptyState icon={IconSchema} title="No schemas" />}
        />
        <Section
          title="Resource types"
          description="Each has an endpoint of its own, and a schema with extensions."
          actions={
            mayChange && (
              <Button variant="default" onClick={() => change({ create: 'type' })}>
                Add resource type
              </Button>
            )
          }
        >
          <DataTable
            label="Resource types"
            query={types}
            rowsOf={(answer) => answer}
            idOf={({ name }) => name}
            columns={[
              { id: 'name', title: 'Name', render: ({ name }) => name },
              { id: 'endpoint', title: 'Endpoint', render: ({ definition }) => String(definition.endpoint) },
              { id: 'schema', title: 'Schema', render: ({ definition }) => String(definition.schema) },
              {
                id: 'total',
                title: 'Resources',
                width: 110,
                align: 'right',
                render: ({ total }) => total.toLocaleString(),
              },
              {
                id: 'actions',
                title: '',
                width: 110,
                render: (type) =>
                  mayChange &&
                  !type.isBuiltIn && (
                    <Button
                      variant="subtle"
                      color="red"
                      size="compact-sm"
                      aria-label={`Delete ${type.name}`}
                      onClick={() => setLeaving(type)}
                    >
                      Delete
                    </Button>
                  ),
              },
            ]}
            empty={<EmptyState icon={IconSchema} title="No resource types" />}
          />
        </Section>
      </Stack>
      <Modal opened={search.create === 'type' && mayChange} onClose={closeType} title="Add resource type">
        <AddResourceType tenant={tenant} onClose={closeType} />
      </Modal>
      <ConfirmDialog
        opened={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={`Delete the resource type ${leaving?.name ?? ''}?`}
        confirmLabel="Delete resource type"
        onConfirm={() => remove.mutateAsync({ params: { tenant, name: leaving?.name ?? '' } })}
      >
        {leaving !== undefined && leaving.total > 0
          ? `It has ${leaving.total.toLocaleString()} ${leaving.total === 1 ? 'resource' : 'resources'}, which must be deleted first.`
          : 'Its endpoint is gone then. Its schemas stay.'}
      </ConfirmDialog>
    </>
  );
}
