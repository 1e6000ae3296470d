import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { ask, useChange } from '../../api/queries.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Section } from '../../ui/section.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { ApiKeyDialog } from './api-key-dialog.tsx';

type ApiKey = Answer<'GET /account/keys'>[number];

export function ApiKeys() {
  const keys = useQuery(ask('GET /account/keys'));
  const [creating, creation] = useDisclosure();
  const [ending, setEnding] = useState<ApiKey>();
  const end = useChange('DELETE /account/keys/{key}', {
    outdates: ['GET /account/keys'],
    done: 'The key has ended',
    showsErrors: true,
  });
  return (
    <Section
      title="API keys"
      description="For scripts that use the admin API in your name. A key may do what you may."
      actions={<Button onClick={creation.open}>Create API key</Button>}
    >
      <Loaded query={keys}>
        {(list) =>
          list.length === 0 ? (
            <Text size="sm">You have none.</Text>
          ) : (
            <Stack gap="md" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
              {list.map((key) => (
                <Group key={key.id} component="li" justify="space-between" gap="sm">
                  <div>
                    <Text size="sm" fw={600}>
                      {key.name}{' '}
                      <Text span size="xs" c="dimmed" ff="monospace">
                        …{key.suffix}
                      </Text>
                    </Text>
                    <Text size="xs" c="dimmed" component="div">
                      made <TimeText value={key.created} /> · last used <TimeText value={key.lastUsed} /> ·
                      expires <TimeText value={key.expires} />
                    </Text>
                  </div>
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`End the key ${key.name}`}
                    onClick={() => setEnding(key)}
                  >
                    End…
                  </Button>
                </Group>
              ))}
            </Stack>
          )
        }
      </Loaded>
      <ApiKeyDialog opened={creating} onClose={creation.close} />
      <ConfirmDialog
        opened={ending !== undefined}
        onClose={() => setEnding(undefined)}
        title={`End the key ${ending?.name ?? ''}?`}
        confirmLabel="End key"
        onConfirm={async () => ending && end.mutateAsync({ params: { key: ending.id } })}
      >
        Scripts that use it get 401 at once.
      </ConfirmDialog>
    </Section>
  );
}
