import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError, Cancelled, messageOf } from '../api/error.ts';
import { CopyButton } from './copy.tsx';

interface ErrorPanelProps {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
  /** Whether a refusal of what was typed is told by its text alone. */
  readonly isBrief?: boolean;
}

/** What to do about an answer of this status, where the answer does not say. */
function adviceFor(error: unknown): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.status === 403)
    return 'Your role does not allow this. An owner can change it on the page Operators.';
  if (error.status === 404) return 'It may have been deleted meanwhile.';
  if (error.status === 409 || error.status === 412)
    return 'Somebody else may have changed it: reload and try again.';
  if (error.status === 429) return 'That was a lot at once. Wait a minute and try again.';
  if (error.status >= 500) return 'Try again. If it stays, look for the request id in the log of the server.';
  return undefined;
}

/** A failure where its page or part of a page would be: what happened, what to do, and by which id the log knows it. */
export function ErrorPanel({ error, onRetry, isBrief = false }: ErrorPanelProps) {
  if (error instanceof Cancelled) return null;
  if (isBrief && error instanceof ApiError && error.status >= 400 && error.status < 500)
    return (
      <Alert color="red" variant="light" icon={<IconAlertTriangle />} role="alert">
        {error.message}
      </Alert>
    );
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  const advice = adviceFor(error);
  const title = error instanceof ApiError ? error.title : 'Something went wrong';
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={title} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{messageOf(error)}</Text>
        {advice !== undefined && <Text size="sm">{advice}</Text>}
        {requestId !== undefined && (
          <Group gap={4}>
            <Text size="xs" c="dimmed" ff="monospace">
              Request id {requestId}
            </Text>
            <CopyButton value={requestId} label="Copy request id" />
          </Group>
        )}
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
