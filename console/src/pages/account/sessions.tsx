import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/client.ts';
import { ask, useChange } from '../../api/queries.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Section } from '../../ui/section.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { deviceOf } from './device.ts';

type KnownSession = Answer<'GET /account/sessions'>[number];

export function Sessions() {
  const sessions = useQuery(ask('GET /account/sessions'));
  const endAll = useChange('DELETE /account/sessions', {
    outdates: ['GET /account/sessions'],
    done: 'All your other sessions have ended',
  });
  const hasOthers = sessions.data?.some(({ isCurrent }) => !isCurrent) ?? false;
  return (
    <Section
      title="Sessions"
      description="Where you are signed in. A session ends by itself after 30 minutes without use, and after 8 hours in any case."
      actions={
        hasOthers && (
          <Button variant="default" loading={endAll.isPending} onClick={() => endAll.mutate({})}>
            End all others
          </Button>
        )
      }
    >
      <Loaded query={sessions}>
        {(list) => (
          <Stack gap="md" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
            {list.map((session) => (
              <OneSession key={session.id} session={session} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}

function OneSession({ session }: { readonly session: KnownSession }) {
  const { name, isMobile } = deviceOf(session.userAgent);
  const Icon = isMobile ? IconDeviceMobile : IconDeviceDesktop;
  const end = useChange('DELETE /account/sessions/{session}', {
    outdates: ['GET /account/sessions'],
    done: 'The session has ended',
  });
  return (
    <Group component="li" justify="space-between" gap="sm">
      <Group gap="sm" wrap="nowrap">
        <Icon size={22} stroke={1.5} aria-hidden />
        <div>
          <Text size="sm" fw={600} title={session.userAgent}>
            {name}
          </Text>
          <Text size="xs" c="dimmed" component="div">
            {session.address} · began <TimeText value={session.created} /> · last seen{' '}
            <TimeText value={session.lastSeen} />
          </Text>
        </div>
      </Group>
      {session.isCurrent ? (
        <StatusBadge tone="good">This session</StatusBadge>
      ) : (
        <Button
          size="xs"
          variant="default"
          loading={end.isPending}
          aria-label={`End the session of ${name}`}
          onClick={() => end.mutate({ params: { session: session.id } })}
        >
          End
        </Button>
      )}
    </Group>
  );
}
