import 'mantine-datatable/styles.css';
import { Anchor, Box, Skeleton, Stack, Table, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { UseQueryResult } from '@tanstack/react-query';
import { type DataTableColumn, DataTable as MantineDataTable } from 'mantine-datatable';
import type { ReactNode } from 'react';
import { DataCards } from './data-cards.tsx';
import classes from './data-table.module.css';
import { ErrorPanel } from './error-panel.tsx';
import { type Pages, Paging } from './paging.tsx';
import type { Column } from './table-column.ts';

/** By which column a list is sorted. */
export interface Sort {
  readonly by: string;
  readonly descending: boolean;
}

interface DataTableProps<T, Answer> {
  /** What the rows are, such as `Users`. */
  readonly label: string;
  readonly query: UseQueryResult<Answer, Error>;
  readonly rowsOf: (answer: Answer) => readonly T[];
  readonly idOf: (row: T) => string;
  /** The first one leads to the row: `onOpen` makes a button of it, unless it renders a link itself. */
  readonly columns: readonly Column<T>[];
  readonly onOpen?: (row: T) => void;
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort) => void;
  /** Absent: all rows are there. */
  readonly pages?: Pages | undefined;
  /** What is shown in place of a table without rows. */
  readonly empty: ReactNode;
}

/**
 * A list that the server pages and sorts: a table, or cards on small screens; a skeleton while the first page is read, and
 * the old rows while the next one is.
 */
export function DataTable<T, Answer>({ query, rowsOf, empty, pages, ...table }: DataTableProps<T, Answer>) {
  const isSmall = useMediaQuery('(max-width: 48em)') ?? false;
  if (query.isError && query.data === undefined)
    return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <TableSkeleton label={table.label} />;
  const rows = rowsOf(query.data);
  if (rows.length === 0 && !query.isPlaceholderData && (pages === undefined || isFirst(pages))) return empty;
  return (
    <Stack gap="sm">
      {query.isError && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      <Box
        className={classes.rows}
        data-stale={query.isPlaceholderData || undefined}
        aria-busy={query.isFetching}
      >
        {isSmall ? <DataCards rows={rows} {...table} /> : <WideTable rows={rows} {...table} />}
      </Box>
      {pages !== undefined && <Paging label={table.label} shown={rows.length} {...pages} />}
    </Stack>
  );
}

const isFirst = (pages: Pages): boolean =>
  'page' in pages ? pages.page === 1 : pages.onPrevious === undefined;

type RowsProps<T> = Pick<
  DataTableProps<T, unknown>,
  'label' | 'idOf' | 'columns' | 'onOpen' | 'sort' | 'onSort'
> & { readonly rows: readonly T[] };

function WideTable<T>({ label, rows, idOf, columns, onOpen, sort, onSort }: RowsProps<T>) {
  return (
    <MantineDataTable<T>
      aria-label={label}
      records={[...rows]}
      idAccessor={idOf}
      columns={columns.map(
        (column, index): DataTableColumn<T> => ({
          accessor: column.id,
          title: column.title,
          sortable: onSort !== undefined && column.sorts === true,
          ...(column.align && { textAlign: column.align }),
          ...(column.width && { width: column.width }),
          render: (row) =>
            index === 0 && onOpen !== undefined ? (
              <Anchor
                component="button"
                type="button"
                inherit
                fw={600}
                ta="left"
                onClick={(event) => {
                  event.stopPropagation();
                  onOpen(row);
                }}
              >
                {column.render(row)}
              </Anchor>
            ) : (
              column.render(row)
            ),
        }),
      )}
      onRowClick={({ record }) => onOpen?.(record)}
      highlightOnHover={onOpen !== undefined}
      sortStatus={{ columnAccessor: sort?.by ?? '', direction: sort?.descending ? 'desc' : 'asc' }}
      onSortStatusChange={({ columnAccessor, direction }) =>
        onSort?.({ by: String(columnAccessor), descending: direction === 'desc' })
      }
      withTableBorder
      borderRadius="md"
      verticalSpacing="xs"
      minHeight={0}
      noRecordsText="Nothing on this page"
    />
  );
}

function TableSkeleton({ label }: { readonly label: string }) {
  return (
    <div role="status">
      <VisuallyHidden>Loading {label}</VisuallyHidden>
      <Table withTableBorder verticalSpacing="sm" aria-hidden className={classes.skeleton}>
        <Table.Tbody>
          {['80%', '65%', '72%', '58%', '76%', '62%'].map((width) => (
            <Table.Tr key={width}>
              <Table.Td>
                <Skeleton height={14} width={width} />
              </Table.Td>
              <Table.Td w="30%">
                <Skeleton height={14} width={width} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
