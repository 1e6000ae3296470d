import { Group, Stack, Text } from '@mantine/core';
import { DiffView } from '../../ui/diff-view.tsx';
import { TextLink } from '../../ui/links.tsx';
import type { RequestRecord } from './request-search.ts';

/** What became of resources, as differences. */
export function Changes({
  tenant,
  changes,
}: {
  readonly tenant: string;
  readonly changes: RequestRecord['changes'];
}) {
  if (changes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing.
      </Text>
    );
  return (
    <Stack gap="md">
      {changes.map((change, index) => (
        <Stack gap={6} key={index}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {change.type} {change.name ?? change.id}
            </Text>
            <TextLink size="sm" to="/t/$tenant/requests" params={{ tenant }} search={{ resource: change.id }}>
              All requests about it
            </TextLink>
          </Group>
          {(change.before !== undefined || change.after !== undefined) && (
            <DiffView before={change.before} after={change.after} label={`Changes of ${change.type}`} />
          )}
          {change.membersAdded + change.membersRemoved > 0 && (
            <Text size="sm">
              Members: {change.membersAdded} added, {change.membersRemoved} removed.
            </Text>
          )}
        </Stack>
      ))}
    </Stack>
  );
}
