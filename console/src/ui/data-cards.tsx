import { Anchor, Card, Group, Stack, Text } from '@mantine/core';
import type { Column } from './table-column.ts';

interface DataCardsProps<T> {
  readonly label: string;
  readonly rows: readonly T[];
  readonly idOf: (row: T) => string;
  readonly columns: readonly Column<T>[];
  readonly onOpen?: (row: T) => void;
}

/** The rows of a table below each other, for screens that have no room for columns. */
export function DataCards<T>({ label, rows, idOf, columns, onOpen }: DataCardsProps<T>) {
  const [first, ...others] = columns;
  return (
    <Stack component="ul" gap="xs" p={0} m={0} aria-label={label} style={{ listStyle: 'none' }}>
      {rows.map((row) => (
        <Card component="li" key={idOf(row)} withBorder padding="sm">
          <Stack gap={6}>
            {first !== undefined &&
              (onOpen !== undefined ? (
                <Anchor component="button" type="button" fw={600} ta="left" onClick={() => onOpen(row)}>
                  {first.render(row)}
                </Anchor>
              ) : (
                <Text fw={600} component="div">
                  {first.render(row)}
                </Text>
              ))}
            {others
              .filter(({ isMinor }) => isMinor !== true)
              .map((column) => (
                <Group key={column.id} justify="space-between" gap="md" wrap="nowrap" align="baseline">
                  <Text size="xs" c="dimmed">
                    {column.title}
                  </Text>
                  <Text size="sm" component="div" ta="right">
                    {column.render(row)}
                  </Text>
                </Group>
              ))}
          </Stack>
        </Card>
      ))}
    </Stack>
  );
}
