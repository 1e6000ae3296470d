import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { ask } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { CopyText } from '../../ui/copy.tsx';
import { JsonBlock } from '../../ui/json-block.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Section } from '../../ui/section.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { Changes } from './changes.tsx';
import { curlOf } from './curl.ts';
import { Replay } from './replay.tsx';
import { durationText, RequestStatus } from './request-columns.tsx';
import { Body, Explanation } from './request-parts.tsx';
import type { RequestRecord } from './request-search.ts';
import { Tolerances } from './tolerances.tsx';

/** All that is kept of one request. */
export function RequestDetails({ tenant, id }: { readonly tenant: string; readonly id: string }) {
  const mayChange = useMayChange();
  const query = useQuery({
    ...ask('GET /tenants/{tenant}/requests/{request}', { params: { tenant, request: id } }),
    // nothing changes what was
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Loaded query={query}>
      {(record) => (
        <Stack gap="md">
          <Facts record={record} />
          {record.explanation !== undefined && <Explanation explanation={record.explanation} />}
          {record.tolerances.length > 0 && <Tolerances names={record.tolerances} />}
          <Section title="What was sent">
            <Body body={record.requestBody} label="request body" />
          </Section>
          <Section title="What was answered">
            <Body body={record.responseBody} label="response body" />
          </Section>
          <Section title="What it changed">
            <Changes tenant={tenant} changes={record.changes} />
          </Section>
          {mayChange && <Replay tenant={tenant} record={record} />}
          <Section
            title="As curl"
            description="Put the secret in place of YOUR_TOKEN. This changes what it says."
          >
            <JsonBlock value={curlOf(record)} label="curl command" maxHeight={240} />
          </Section>
        </Stack>
      )}
    </Loaded>
  );
}

function Facts({ record }: { readonly record: RequestRecord }) {
  const { method, path, status, time, provider, protocol, ms, integration, credentialSuffix } = record;
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    ['Provider', provider],
    ['Integration', integration && (integration.name ?? 'deleted')],
    ['Credential', credentialSuffix && `…${credentialSuffix}`],
    ['Protocol', `SCIM ${protocol}`],
    ['Took', durationText(ms)],
    ['Address', record.address],
    ['User agent', record.userAgent],
    ['Reason', record.reason],
  ];
  return (
    <Stack gap="xs">
      <Text ff="monospace" size="sm" style={{ overflowWrap: 'anywhere' }}>
        {method} {path}
      </Text>
      <Group gap="sm">
        <RequestStatus status={status} />
        <Text size="sm">
          <TimeText value={time} isExact />
        </Text>
        <CopyText value={record.requestId} label="Copy request id" />
      </Group>
      <Text
        size="sm"
        component="dl"
        m={0}
        style={{ display: 'grid', gridTemplateColumns: 'auto 1fr', gap: '2px 16px' }}
      >
        {facts.map(
          ([name, value]) =>
            value !== undefined &&
            value !== '' && (
              <Fragment key={name}>
                <Text component="dt" size="sm" c="dimmed">
                  {name}
                </Text>
                <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
                  {value}
                </Text>
              </Fragment>
            ),
        )}
      </Text>
    </Stack>
  );
}
