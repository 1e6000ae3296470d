import { type ParseError, parse as parseJsonWithFaults } from 'jsonc-parser';
import { guessProvider, type Provider } from '../../core/provider.ts';
import { type Redactor, redactorOf, withoutSecrets } from '../../core/redaction.ts';
import type { CapturedRequest, RecordedChange } from '../request-log.ts';
import type { RowTable, SqlValue } from './engine.ts';
import { createIds } from './request-log-times.ts';

/** Characters of a path, which filters make long, and of other texts that clients choose. */
const LONGEST = { path: 4000, detail: 2000, header: 300 } as const;

/** Characters of all changes of a request together; those that come behind are left out. */
const LONGEST_CHANGES = 256 * 1024;

/** Resources that a request is found by. */
const MOST_RESOURCES = 200;

export const REQUEST_LOG: RowTable = {
  name: 'request_log',
  canConflict: false,
  columns: [
    ['id', 'text'],
    ['time', 'text'],
    ['integration_id', 'text'],
    ['credential_id', 'text'],
    ['credential_suffix', 'text'],
    ['user_id', 'text'],
    ['provider', 'text'],
    ['user_agent', 'text'],
    ['content_type', 'text'],
    ['protocol', 'text'],
    ['method', 'text'],
    ['path', 'text'],
    ['route', 'text'],
    ['status', 'integer'],
    ['scim_type', 'text'],
    ['detail', 'text'],
    ['reason', 'text'],
    ['micros', 'integer'],
    ['tolerances', 'text'],
    ['request_id', 'text'],
    ['address', 'text'],
    ['request_bytes', 'integer'],
    ['response_bytes', 'integer'],
    ['resource_id', 'text'],
    ['removed', 'integer'],
    ['malformed_at', 'integer'],
    ['is_replayable', 'integer'],
  ],
};

export const REQUEST_CONTENT: RowTable = {
  name: 'request_content',
  canConflict: false,
  columns: [
    ['id', 'text'],
    ['request_body', 'text'],
    ['response_body', 'text'],
    ['changes', 'text'],
  ],
};

export const REQUEST_TERM: RowTable = {
  name: 'request_term',
  canConflict: false,
  columns: [
    ['id', 'text'],
    ['term', 'text'],
  ],
};

/** A request as it is kept. */
export interface RequestRows {
  readonly id: string;
  readonly log: readonly SqlValue[];
  /** undefined: it has none. */
  readonly content: readonly SqlValue[] | undefined;
  readonly terms: readonly (readonly SqlValue[])[];
}

export const resourceTerm = (id: string): string => `resource ${id}`;
export const toleranceTerm = (name: string): string => `tolerance ${name}`;

/** Makes rows of requests, without any of their secrets. */
export function createRowMaker(): (request: CapturedRequest) => RequestRows {
  const providerOf = createProviderGuess();
  const newId = createIds();
  return (request) => {
    const { source, status, failure, resourceId } = request;
    const redactor = redactorOf(source.secretNames);
    const own = credentialsIn(source.authorization);
    const body = redactedBody(request, redactor, own);
    const secrets = [...body.secrets, ...own];
    const shown = (text: string | undefined, longest: number): string | null =>
      text === undefined ? null : clean(withoutSecrets(text, secrets).slice(0, longest));
    const changes = changesText(request.changes, redactor, own);
    const responseBody = redactedAnswer(request, redactor, status >= 400 ? secrets : own);
    const id = newId(request.time);
    return {
      id,
      log: [
        id,
        new Date(request.time).toISOString(),
        source.integrationId ?? null,
        source.credentialId ?? null,
        source.credentialSuffix ?? null,
        source.userId ?? null,
        providerOf(request),
        shown(source.userAgent, LONGEST.header) ?? '',
        shown(source.contentType, LONGEST.header),
        source.protocol,
        source.method,
        shown(redactor.url(request.path), LONGEST.path) ?? '',
        source.route ?? null,
        status,
        failure?.scimType ?? null,
        shown(failure?.detail, LONGEST.detail),
        failure?.reason ?? null,
        Math.round(request.ms * 1000),
        request.tolerances.join(' '),
        request.requestId,
        source.address.slice(0, LONGEST.header),
        request.requestBytes ?? null,
        request.responseBytes ?? null,
        resourceId === undefined ? null : shown(resourceId, LONGEST.header),
        body.secrets.length,
        body.malformedAt ?? null,
        Number(isReplayable(request, body.text)),
      ],
      content:
        body.text === undefined && responseBody === undefined && changes === undefined
          ? undefined
          : [id, body.text ?? null, responseBody ?? null, changes ?? null],
      terms: termsOf(request).map((term) => [id, term]),
    };
  };
}

interface ShownBody {
  readonly text: string | undefined;
  readonly secrets: readonly string[];
  readonly malformedAt: number | undefined;
}

function redactedBody(
  { requestBody, isMalformed }: CapturedRequest,
  redactor: Redactor,
  own: readonly string[],
): ShownBody {
  if (requestBody === undefined) return { text: undefined, secrets: [], malformedAt: undefined };
  if (isMalformed) return { text: undefined, secrets: [], malformedAt: placeOfFault(requestBody) };
  const { text, secrets } = redactor.json(requestBody);
  return { text: text && clean(withoutSecrets(text, own)), secrets, malformedAt: undefined };
}

/** An error may repeat what was sent; no other answer has a secret in it. */
function redactedAnswer(
  { responseBody }: CapturedRequest,
  redactor: Redactor,
  secrets: readonly string[],
): string | undefined {
  if (responseBody === undefined) return undefined;
  const { text } = redactor.json(responseBody);
  if (text === undefined) return undefined;
  return clean(withoutSecrets(text, secrets));
}

/** What can be carried out again: a request of an integration that was understood and is kept as a whole. */
const isReplayable = (request: CapturedRequest, body: string | undefined): boolean =>
  request.source.integrationId !== undefined &&
  request.source.route !== undefined &&
  ![401, 405, 413, 415, 429].includes(request.status) &&
  !request.isMalformed &&
  ((request.requestBytes ?? 0) === 0 || body !== undefined);

const MARKS: Parameters<typeof parseJsonWithFaults>[2] = {
  disallowComments: true,
  allowTrailingComma: false,
};

function placeOfFault(text: string): number | undefined {
  const faults: ParseError[] = [];
  parseJsonWithFaults(text, faults, MARKS);
  return faults[0]?.offset;
}

function changesText(
  changes: readonly RecordedChange[],
  redactor: Redactor,
  secrets: readonly string[],
): string | undefined {
  if (changes.length === 0) return undefined;
  const shown = (text: string | undefined): string | undefined => {
    const redacted = text === undefined ? undefined : redactor.json(text).text;
    return redacted && withoutSecrets(redacted, secrets);
  };
  const kept: RecordedChange[] = [];
  let length = 0;
  for (const { type, id, name, before, after, membersAdded, membersRemoved } of changes) {
    length += (before?.length ?? 0) + (after?.length ?? 0) + 200;
    if (length > LONGEST_CHANGES && kept.length > 0) break;
    const texts = length > LONGEST_CHANGES ? {} : { before: shown(before), after: shown(after) };
    kept.push({
      before: undefined,
      after: undefined,
      type,
      id,
      name,
      ...texts,
      membersAdded,
      membersRemoved,
    });
  }
  return clean(JSON.stringify(kept));
}

function termsOf({ resourceId, tolerances, changes }: CapturedRequest): string[] {
  if (tolerances.length === 0 && changes.length === 0) return [];
  const resources = new Set<string>();
  for (const { id, membersAdded, membersRemoved } of changes) {
    if (resources.size >= MOST_RESOURCES) break;
    for (const each of [id, ...membersAdded.ids, ...membersRemoved.ids]) resources.add(each);
  }
  if (resourceId !== undefined) resources.delete(resourceId);
  return [...[...resources].map(resourceTerm), ...tolerances.map(toleranceTerm)];
}

/** The secrets in an Authorization header, however it is written. */
function credentialsIn(header: string | undefined): string[] {
  if (header === undefined) return [];
  const value = header.replace(/^\s*(?:(?:bearer|basic)\s+)+/i, '').trim();
  if (value.startsWith('roster_')) return [value];
  const texts = [value, Buffer.from(value, 'base64').toString('utf8')].filter((text) => text.includes(':'));
  // which side of the colon is the secret is not known when the client has mixed them up
  const sides = texts.flatMap((text) => [
    text.slice(0, text.indexOf(':')),
    text.slice(text.indexOf(':') + 1),
  ]);
  return [value, ...sides.filter((side) => !CREDENTIAL_NAME.test(side))];
}

/** The user name of a credential, which is no secret. */
const CREDENTIAL_NAME = /^[a-z2-7]{12}-[a-z2-7]{12}$/;

/** Integrations whose provider is remembered for requests that show no sign of one. */
const MOST_REMEMBERED = 10_000;

function createProviderGuess(): (request: CapturedRequest) => Provider {
  const known = new Map<string, Provider>();
  return ({ source: { userAgent, integrationId }, path, requestBody }) => {
    const guess = guessProvider({ userAgent, url: path, body: requestBody });
    if (integrationId === undefined) return guess;
    if (guess === 'other') return userAgent === '' ? (known.get(integrationId) ?? guess) : guess;
    // a person who tries the integration out makes nobody else of it
    if (guess === 'curl') return guess;
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(integrationId, guess);
    return guess;
  };
}

/** What every database takes as text. */
const clean = (text: string): string =>
  /[\0\ud800-\udfff]/.test(text) ? text.toWellFormed().replaceAll('\0', '') : text;
