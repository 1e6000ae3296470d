import { List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ask } from '../../api/queries.ts';
import { Section } from '../../ui/section.tsx';

/** In what a request strays from the RFCs, and was taken nevertheless. */
export function Tolerances({ names }: { readonly names: readonly string[] }) {
  const tolerances = useQuery(ask('GET /tolerances'));
  return (
    <Section
      title="Tolerances used"
      description="The request strays from the RFCs here. The dialect of the integration takes it."
    >
      <List size="sm" spacing={4}>
        {names.map((name) => (
          <List.Item key={name}>
            <Text span size="sm" ff="monospace">
              {name}
            </Text>{' '}
            {tolerances.data?.find((known) => known.name === name)?.description}
          </List.Item>
        ))}
      </List>
    </Section>
  );
}
