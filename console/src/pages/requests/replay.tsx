import { Alert, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { useChange } from '../../api/queries.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { Section } from '../../ui/section.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { Changes } from './changes.tsx';
import { durationText, RequestStatus } from './request-columns.tsx';
import { Body, Explanation, prettyJson } from './request-parts.tsx';
import type { RequestRecord } from './request-search.ts';
import classes from './requests.module.css';
import { Tolerances } from './tolerances.tsx';

type Replayed = Answer<'POST /tenants/{tenant}/requests/{request}/replay'>;

interface ReplayProps {
  readonly tenant: string;
  readonly record: RequestRecord;
}

/** Carries a request out again, with its body or another one, without changing anything. */
export function Replay({ tenant, record }: ReplayProps) {
  const [replayed, setReplayed] = useState<Replayed>();
  const replay = useChange('POST /tenants/{tenant}/requests/{request}/replay', { showsErrors: true });
  const first = record.requestBody.text === undefined ? '' : prettyJson(record.requestBody.text);
  const form = useApiForm({
    initialValues: { body: first },
    submit: async ({ body }) => {
      setReplayed(undefined);
      setReplayed(
        await replay.mutateAsync({
          params: { tenant, request: record.id },
          body: body === first ? {} : { body },
        }),
      );
    },
  });
  const isPossible = record.canReplay || record.requestBody.bytes !== undefined;
  return (
    <Section
      title="Replay as a dry run"
      description="Roster carries the request out again on the data of now and undoes all of it. Nothing is changed."
    >
      {isPossible ? (
        <ApiForm form={form} submitLabel="Replay">
          {(first !== '' || !record.canReplay) && (
            <Textarea
              label="Body"
              description="Change it to see what else would be answered."
              autosize
              minRows={4}
              maxRows={18}
              spellCheck={false}
              styles={{
                input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' },
              }}
              {...form.getInputProps('body')}
            />
          )}
        </ApiForm>
      ) : (
        <Text size="sm" c="dimmed">
          This request was refused before it was known what it is about, or too little of it was kept.
        </Text>
      )}
      {replayed !== undefined && <Outcome tenant={tenant} record={record} replayed={replayed} />}
    </Section>
  );
}

function Outcome({ tenant, record, replayed }: ReplayProps & { readonly replayed: Replayed }) {
  const text = replayed.body;
  return (
    <Stack gap="md" aria-live="polite">
      <Alert color="teal" icon={<IconShieldCheck />} title="Nothing was changed" role="status">
        This is what would have happened.
      </Alert>
      <div className={classes.bodies}>
        <AnswerText
          title="The first answer"
          status={record.status}
          ms={record.ms}
          body={record.responseBody}
        />
        <AnswerText
          title="The answer now"
          status={replayed.status}
          ms={replayed.ms}
          body={{ text, bytes: new Blob([text]).size }}
        />
      </div>
      {replayed.explanation !== undefined && <Explanation explanation={replayed.explanation} />}
      {replayed.tolerances.length > 0 && <Tolerances names={replayed.tolerances} />}
      <Stack gap={6}>
        <Title order={3} size="h5">
          What it would change
        </Title>
        <Changes tenant={tenant} changes={replayed.changes} />
      </Stack>
    </Stack>
  );
}

interface AnswerTextProps {
  readonly title: string;
  readonly status: number;
  readonly ms: number;
  readonly body: RequestRecord['responseBody'];
}

function AnswerText({ title, status, ms, body }: AnswerTextProps) {
  return (
    <Stack gap={6}>
      <Group gap="xs">
        <Title order={3} size="h5">
          {title}
        </Title>
        <RequestStatus status={status} />
        <Text size="xs" c="dimmed">
          {durationText(ms)}
        </Text>
      </Group>
      <Body body={body} label={title} />
    </Stack>
  );
}
