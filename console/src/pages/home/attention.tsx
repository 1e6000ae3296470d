import { Anchor, Box, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Answer } from '../../api/client.ts';
import { StatusBadge, type Tone } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';

type Item = Answer<'GET /overview'>['attention'][number];

const LOOKS: Readonly<Record<Item['kind'], { readonly tone: Tone; readonly label: string }>> = {
  failing: { tone: 'bad', label: 'Failing' },
  expiring: { tone: 'warning', label: 'Ends soon' },
  silent: { tone: 'warning', label: 'Silent' },
  ended: { tone: 'neutral', label: 'Ended' },
};

const TABS = {
  failing: 'connect',
  silent: 'connect',
  expiring: 'credentials',
  ended: 'credentials',
} as const;

interface AttentionProps {
  readonly items: readonly Item[];
  /** Whether several tenants are meant, so that each is named. */
  readonly namesTenants?: boolean;
  /** What there is to say when nothing needs attention. */
  readonly calm: string;
}

/** What somebody should look at, each with the way there. */
export function Attention({ items, namesTenants = false, calm }: AttentionProps) {
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="attention">
      <Title order={2} size="h4" id="attention" mb="sm">
        Needs attention
      </Title>
      {items.length === 0 ? (
        <Group gap="xs" wrap="nowrap">
          <IconCircleCheck size={20} color="var(--mantine-color-teal-6)" aria-hidden />
          <Text>{calm}</Text>
        </Group>
      ) : (
        <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
          {items.map((item) => (
            <AttentionItem
              key={`${item.tenant} ${item.integration.id} ${item.kind}`}
              item={item}
              namesTenant={namesTenants}
            />
          ))}
        </Stack>
      )}
    </Card>
  );
}

function AttentionItem({ item, namesTenant }: { readonly item: Item; readonly namesTenant: boolean }) {
  const { kind, tenant, integration, detail, since } = item;
  const { tone, label } = LOOKS[kind];
  return (
    <Group component="li" gap="sm" align="flex-start" wrap="nowrap">
      <Box style={{ flexShrink: 0 }}>
        <StatusBadge tone={tone}>{label}</StatusBadge>
      </Box>
      <div>
        <Anchor
          fw={500}
          renderRoot={(props) => (
            <Link
              {...props}
              to="/t/$tenant/integrations/$integration"
              params={{ tenant, integration: integration.id }}
              search={{ tab: TABS[kind] }}
            />
          )}
        >
          {integration.name}
        </Anchor>
        {namesTenant && (
          <Text span size="sm" c="dimmed">
            {' '}
            in {tenant}
          </Text>
        )}
        <Text size="sm">{detail}</Text>
        {since !== undefined && (
          <Text size="xs" c="dimmed">
            <TimeText value={since} />
          </Text>
        )}
      </div>
    </Group>
  );
}
