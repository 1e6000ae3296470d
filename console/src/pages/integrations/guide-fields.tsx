import { Anchor, Code, Group, Stack, Text } from '@mantine/core';
import { useMayChange } from '../../api/session.ts';
import type { Guide, GuideValue } from '../../connect/guide.ts';
import { CopyButton } from '../../ui/copy.tsx';
import classes from './guide-fields.module.css';
import type { Integration } from './integration-data.ts';

interface GuideFieldsProps {
  readonly form: Guide['forms'][number];
  readonly integration: Integration;
  readonly onCredentials: () => void;
}

/** A form of a provider: its fields by their names there, with what goes into each. */
export function GuideFields({ form, integration, onCredentials }: GuideFieldsProps) {
  const fields = form.fields.filter(({ auth }) => auth === undefined || auth === integration.auth);
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600}>
        {form.path.join(' › ')}
      </Text>
      {form.note !== undefined && <Text size="sm">{form.note}</Text>}
      <dl className={classes.fields}>
        {fields.map(({ label, value, note }) => (
          <div key={`${label} ${JSON.stringify(value)}`} className={classes.field}>
            <dt>{label}</dt>
            <dd>
              <Value value={value} label={label} integration={integration} onCredentials={onCredentials} />
              {note !== undefined && (
                <Text size="xs" c="dimmed">
                  {note}
                </Text>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <Text size="sm">{form.end}</Text>
    </Stack>
  );
}

interface ValueProps {
  readonly value: GuideValue;
  readonly label: string;
  readonly integration: Integration;
  readonly onCredentials: () => void;
}

function Value({ value, label, integration, onCredentials }: ValueProps) {
  const mayChange = useMayChange();
  if ('choose' in value) return <Text size="sm">{value.choose}</Text>;
  if ('text' in value) return <Pasted text={value.text} label={label} />;
  if (value.of === 'baseUrl') return <Pasted text={integration.scimBaseUrl} label={label} />;
  const latest = integration.credentials.findLast(({ state }) => state !== 'ended');
  if (value.of === 'username' && latest?.username !== undefined)
    return <Pasted text={latest.username} label={label} />;
  const secret = value.of === 'token' ? 'token' : value.of;
  return (
    <Text size="sm">
      {latest === undefined ? (
        'No credential is live. '
      ) : (
        <>
          The {secret} that was shown once; it ends with{' '}
          <Text span ff="monospace" inherit>
            {latest.suffix}
          </Text>
          .{mayChange && ' Lost it? '}
        </>
      )}
      {mayChange && (
        <Anchor component="button" type="button" size="sm" onClick={onCredentials}>
          Add a credential
        </Anchor>
      )}
    </Text>
  );
}

function Pasted({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <Code className={classes.value ?? ''}>{text}</Code>
      <CopyButton value={text} label={`Copy ${label}`} />
    </Group>
  );
}
