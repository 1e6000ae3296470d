import { Button, Group, Pagination, Text } from '@mantine/core';

/** Where a list is: one of so many pages, or somewhere behind an item. */
export type Pages =
  | {
      readonly page: number;
      readonly pageSize: number;
      readonly total: number;
      readonly onPage: (page: number) => void;
    }
  | {
      /** Absent: this is the last page. */
      readonly onNext: (() => void) | undefined;
      /** Absent: this is the first page. */
      readonly onPrevious: (() => void) | undefined;
      readonly total?: number | undefined;
    };

type PagingProps = Pages & { readonly label: string; readonly shown: number };

const number = new Intl.NumberFormat();

/** Goes through the pages of a list. */
export function Paging({ label, shown, ...pages }: PagingProps) {
  if (!('page' in pages))
    return (
      <Group justify="space-between" gap="sm" role="navigation" aria-label={`Pages of ${label}`}>
        <Text size="sm" c="dimmed">
          {pages.total === undefined
            ? `${number.format(shown)} shown`
            : `${number.format(pages.total)} in all`}
        </Text>
        {(pages.onPrevious !== undefined || pages.onNext !== undefined) && (
          <Group gap="xs">
            <Button variant="default" size="xs" disabled={!pages.onPrevious} onClick={pages.onPrevious}>
              To the first page
            </Button>
            <Button variant="default" size="xs" disabled={!pages.onNext} onClick={pages.onNext}>
              Next page
            </Button>
          </Group>
        )}
      </Group>
    );
  const { page, pageSize, total, onPage } = pages;
  const first = Math.min((page - 1) * pageSize + 1, total);
  return (
    <Group justify="space-between" gap="sm" role="navigation" aria-label={`Pages of ${label}`}>
      <Text size="sm" c="dimmed">
        {number.format(first)}–{number.format(first + Math.max(shown - 1, 0))} of {number.format(total)}
      </Text>
      {total > pageSize && (
        <Pagination
          size="sm"
          total={Math.ceil(total / pageSize)}
          value={page}
          onChange={onPage}
          siblings={1}
          boundaries={1}
          getControlProps={(control) => ({ 'aria-label': `${control} page` })}
          getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
        />
      )}
    </Group>
  );
}
