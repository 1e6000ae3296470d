import { Alert, Stack, Text } from '@mantine/core';
import { IconBulb } from '@tabler/icons-react';
import { JsonBlock } from '../../ui/json-block.tsx';
import type { RequestRecord } from './request-search.ts';

/** Why a request failed, and what to do. */
export function Explanation({
  explanation: { summary, rfc, remedy, setting },
}: {
  readonly explanation: NonNullable<RequestRecord['explanation']>;
}) {
  return (
    <Alert color="yellow" icon={<IconBulb />} title={summary} role="note">
      <Stack gap={4}>
        {remedy !== undefined && <Text size="sm">{remedy}</Text>}
        {setting !== undefined && (
          <Text size="sm">
            At the provider: <Emphasized text={setting} />
          </Text>
        )}
        {rfc !== undefined && (
          <Text size="sm" c="dimmed">
            {rfc}
          </Text>
        )}
      </Stack>
    </Alert>
  );
}

/** A text with names between asterisks. */
function Emphasized({ text }: { readonly text: string }) {
  return text.split('*').map((part, index) => (index % 2 === 1 ? <b key={index}>{part}</b> : part));
}

export function Body({
  body,
  label,
}: {
  readonly body: RequestRecord['requestBody'];
  readonly label: string;
}) {
  const { text, bytes, note } = body;
  return (
    <Stack gap="xs">
      {text !== undefined && text !== '' && <JsonBlock value={prettyJson(text)} label={label} />}
      {(text === undefined || text === '') && note === undefined && (
        <Text size="sm" c="dimmed">
          No body.
        </Text>
      )}
      {(note !== undefined || bytes !== undefined) && (
        <Text size="xs" c="dimmed">
          {[bytes !== undefined && bytes > 0 ? `${bytes.toLocaleString()} bytes.` : undefined, note]
            .filter((part) => part !== undefined)
            .join(' ')}
        </Text>
      )}
    </Stack>
  );
}

/** JSON with lines, or the text as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
