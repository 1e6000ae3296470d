import { Anchor, Card, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Figure {
  readonly label: string;
  readonly value: number;
  readonly note?: string;
  /** Renders what leads to the page that has more; absent: none has. */
  readonly link?: (props: object) => ReactNode;
}

/** Numbers at a glance. */
export function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      {figures.map(({ label, value, note, link }) => (
        <Card key={label} withBorder padding="md">
          <Text size="sm" c="dimmed">
            {link === undefined ? (
              label
            ) : (
              <Anchor inherit renderRoot={link}>
                {label}
              </Anchor>
            )}
          </Text>
          <Text fz={28} fw={650} lh={1.2}>
            {value.toLocaleString()}
          </Text>
          {note !== undefined && (
            <Text size="xs" c="dimmed">
              {note}
            </Text>
          )}
        </Card>
      ))}
    </SimpleGrid>
  );
}
