import { Button, Checkbox, Group, Menu, ScrollArea, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconColumns, IconPlus, IconUsers } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../api/error.ts';
import { ask } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { DataTable, type Sort } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { useChangeSearch } from '../../ui/use-url-state.ts';
import { choicesOf, chosenPaths, columnsOf, titleOf } from './columns.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { FilterBox } from './filter-box.tsx';
import { placeOf } from './places.tsx';
import type { Resource, TypeView } from './type-view.ts';
import { useTypeView } from './use-type-view.ts';

/** What the URL of a list holds. */
export interface ListSearch {
  readonly q?: string | undefined;
  readonly filter?: string | undefined;
  /** The path of an attribute, with `-` before it for descending order. */
  readonly sort?: string | undefined;
  readonly page?: number | undefined;
  /** Paths of attributes, joined by commas. */
  readonly columns?: string | undefined;
  readonly create?: boolean | undefined;
}

const PAGE_SIZE = 50;

interface ResourceListProps {
  readonly tenant: string;
  readonly type: string;
  readonly search: ListSearch;
  readonly description: string;
}

/** The resources of a type: searched, filtered, sorted, in pages. */
export function ResourceList({ tenant, type, search, description }: ResourceListProps) {
  const { q, filter, page = 1, columns, create } = search;
  const change = useChangeSearch<ListSearch>();
  const mayChange = useMayChange();
  const { view, failure, isUnknown, retry } = useTypeView(tenant, type);
  const { plural, one } = placeOf(type);
  const sort = sortOf(search.sort);
  const [isFiltering, setFiltering] = useState(filter !== undefined);
  const query = useQuery({
    ...ask('GET /tenants/{tenant}/resources/{type}', {
      params: { tenant, type },
      query: {
        startIndex: (page - 1) * PAGE_SIZE + 1,
        count: PAGE_SIZE,
        ...(q !== undefined && { search: q }),
        ...(filter !== undefined && { filter }),
        ...(sort !== undefined && {
          sortBy: sort.by,
          sortOrder: sort.descending ? ('descending' as const) : ('ascending' as const),
        }),
      },
    }),
    placeholderData: keepPreviousData,
  });
  const isFilterError = query.error instanceof ApiError && query.error.scimType === 'invalidFilter';
  const createButton = mayChange && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => change({ create: true })}>
      Create {one}
    </Button>
  );
  return (
    <>
      <PageHeader title={plural} description={description} actions={createButton} />
      {isUnknown && (
        <EmptyState icon={IconUsers} title={`There is no resource type ${type}`}>
          It may have been deleted. The page Schemas has those there are.
        </EmptyState>
      )}
      {failure !== null && <ErrorPanel error={failure} onRetry={retry} />}
      {!isUnknown && (
        <Stack gap="md">
          <Group gap="sm" align="flex-start">
            <SegmentedControl
              aria-label="How to search"
              value={isFiltering ? 'filter' : 'search'}
              data={[
                { value: 'search', label: 'Search' },
                { value: 'filter', label: 'SCIM filter' },
              ]}
              onChange={(way) => {
                setFiltering(way === 'filter');
                if (way === 'filter' ? q !== undefined : filter !== undefined)
                  change({ q: undefined, filter: undefined });
              }}
            />
            {isFiltering ? (
              <FilterBox
                view={view}
                value={filter}
                onChange={(next) => change({ filter: next, q: undefined })}
                error={query.error}
              />
            ) : (
              <SearchBox
                label={`Search ${plural.toLowerCase()}`}
                placeholder={
                  type === 'User' ? 'Name, user name or e-mail address' : 'What the name begins with'
                }
                value={q}
                onChange={(next) => change({ q: next }, { replace: true })}
              />
            )}
            {view !== undefined && (
              <ColumnMenu
                view={view}
                columns={columns}
                onChange={(next) => change({ columns: next, page })}
              />
            )}
          </Group>
          {view !== undefined && !isFilterError && (
            <DataTable
              label={plural}
              query={query}
              rowsOf={(answer) => answer.resources}
              idOf={(resource: Resource) => String(resource.id)}
              columns={columnsOf(tenant, view, chosenPaths(view, columns))}
              sort={sort}
              onSort={({ by, descending }) => change({ sort: `${descending ? '-' : ''}${by}` })}
              pages={
                query.data && {
                  page,
                  pageSize: PAGE_SIZE,
                  total: query.data.totalResults,
                  onPage: (next) => change({ page: next === 1 ? undefined : next }),
                }
              }
              empty={
                q === undefined && filter === undefined ? (
                  <EmptyState icon={IconUsers} title={`No ${plural.toLowerCase()} yet`} action={createButton}>
                    An identity provider sends them here as soon as its integration is connected, or you
                    create one yourself.
                  </EmptyState>
                ) : (
                  <EmptyState
                    icon={IconUsers}
                    title="Nothing found"
                    action={
                      <Button variant="default" onClick={() => change({ q: undefined, filter: undefined })}>
                        Show all {plural.toLowerCase()}
                      </Button>
                    }
                  >
                    {filter === undefined
                      ? 'A search finds names and addresses by how they begin, and ids as a whole.'
                      : 'No resource satisfies the filter.'}
                  </EmptyState>
                )
              }
            />
          )}
        </Stack>
      )}
      <CreateDialog
        opened={create === true && mayChange && view !== undefined}
        onClose={() => change({ create: undefined, page: page === 1 ? undefined : page })}
        tenant={tenant}
        view={view}
      />
    </>
  );
}

function sortOf(text: string | undefined): Sort | undefined {
  if (text === undefined) return undefined;
  return text.startsWith('-') ? { by: text.slice(1), descending: true } : { by: text, descending: false };
}

interface ColumnMenuProps {
  readonly view: TypeView;
  readonly columns: string | undefined;
  readonly onChange: (columns: string | undefined) => void;
}

/** Chooses what a list shows. */
function ColumnMenu({ view, columns, onChange }: ColumnMenuProps) {
  const chosen = chosenPaths(view, columns);
  const [first] = chosen;
  const choices = choicesOf(view);
  const toggle = (path: string) => {
    const next = chosen.includes(path) ? chosen.filter((each) => each !== path) : [...chosen, path];
    onChange(next.join(','));
  };
  return (
    <Menu closeOnItemClick={false} position="bottom-end" keepMounted={false}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconColumns size={16} aria-hidden />}>
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <ScrollArea.Autosize mah={360} type="auto">
          {choices.map(({ path, title, urn }) => (
            <Menu.Item
              key={path}
              role="menuitemcheckbox"
              aria-checked={chosen.includes(path)}
              disabled={path === first}
              onClick={() => toggle(path)}
            >
              <Group gap="sm" wrap="nowrap">
                <Checkbox.Indicator checked={chosen.includes(path)} disabled={path === first} size="xs" />
                <div>
                  <Text size="sm">{titleOf(title)}</Text>
                  {urn !== undefined && (
                    <Text size="xs" c="dimmed" maw={260} truncate>
                      {urn}
                    </Text>
                  )}
                </div>
              </Group>
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => onChange(undefined)}>The usual columns</Menu.Item>
        </ScrollArea.Autosize>
      </Menu.Dropdown>
    </Menu>
  );
}
