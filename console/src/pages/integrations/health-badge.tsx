import { Tooltip } from '@mantine/core';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { HEALTH_LOOKS, type Integration } from './integration-data.ts';

/** How an integration does, with the reason when it is pointed at. */
export function HealthBadge({ health }: { readonly health: Integration['health'] }) {
  const { tone, label } = HEALTH_LOOKS[health.state];
  return (
    <Tooltip label={health.detail} multiline maw={320}>
      <span>
        <StatusBadge tone={tone}>{label}</StatusBadge>
      </span>
    </Tooltip>
  );
}
