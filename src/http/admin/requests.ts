import type { z } from 'zod';
import { PROVIDERS, type Provider } from '../../core/provider.ts';
import type { VisibleTenant } from '../../service/access.ts';
import { explainRequest } from '../../service/explain.ts';
import { type RequestLog, UNATTRIBUTED } from '../../service/request-log.ts';
import { ServiceError } from '../../service/service-error.ts';
import { millisecondsOf } from './audit.ts';
import type { explanation, REQUEST_ROUTES, requestRecord, requestSummary } from './contract/requests.ts';
import { followLive, type LiveStreams } from './live-requests.ts';
import type { HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';

type Query = Parameters<RequestLog['list']>[1];
type Filter = Query['filter'];
type Summary = Awaited<ReturnType<RequestLog['list']>>['requests'][number];
type KeptRequest = NonNullable<Awaited<ReturnType<RequestLog['get']>>>;

/** What a query can ask for. */
interface Filters extends Pick<Filter, 'method' | 'path' | 'tolerance' | 'requestId'> {
  readonly integration?: string | undefined;
  readonly provider?: string | undefined;
  readonly status?: string | undefined;
  readonly resource?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** SCIM requests, as they were kept and as they come. */
export function requestHandlers(
  { requestLog, services, baseUrl }: AdminServices,
  streams: LiveStreams,
): HandlersOf<typeof REQUEST_ROUTES> {
  const { directory } = services.storage;
  const namesOf = async (tenant: VisibleTenant): Promise<ReadonlyMap<string, string>> =>
    new Map((await directory.listIntegrations(tenant.id)).map(({ id, name }) => [id, name]));

  return {
    async listRequests({ tenant, query: { after, limit, ...filters } }) {
      const query = { filter: filterOf(filters), before: after, limit };
      const [{ requests, next }, names] = await Promise.all([
        requestLog.list(tenant.id, query),
        namesOf(tenant),
      ]);
      return { items: requests.map((request) => shownRequest(request, tenant.domain, names)), next };
    },

    async followRequests({ tenant, query, admitAgain, request, reply }) {
      const look = requestLog.follow(tenant.id, filterOf(query));
      return followLive(streams, request, reply, {
        admitAgain,
        async look() {
          const requests = await look();
          if (requests.length === 0) return [];
          const names = await namesOf(tenant);
          return requests.map((one) => shownRequest(one, tenant.domain, names));
        },
      });
    },

    async getRequest({ tenant, params: { request: id } }) {
      const [found, names] = await Promise.all([requestLog.get(tenant.id, id), namesOf(tenant)]);
      if (found === undefined) throw unknownRequest(id);
      return shownRecord(found, tenant.domain, names, { baseUrl, keepsBodies: requestLog.keepsBodies });
    },

    async listUnattributedRequests({ query: { after, limit, ...filters } }) {
      const query = { filter: filterOf(filters), before: after, limit };
      const { requests, next } = await requestLog.list(UNATTRIBUTED, query);
      return { items: requests.map((request) => shownRequest(request, undefined, NO_NAMES)), next };
    },
  };
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

export const unknownRequest = (id: string): ServiceError =>
  new ServiceError('notFound', `There is no request ${id}, or it is kept no more.`);

/** @throws ServiceError invalid for a provider that is none */
function filterOf({ integration, provider, status, resource, since, until, ...rest }: Filters): Filter {
  return {
    ...rest,
    integrationId: integration,
    provider: provider === undefined ? undefined : providerNamed(provider),
    // 4xx is told by its first digit
    status: status === undefined ? undefined : Number(status.replace('xx', '')),
    resourceId: resource,
    ...{ since: millisecondsOf(since), until: millisecondsOf(until) },
  };
}

function providerNamed(name: string): Provider {
  const lower = name.toLowerCase();
  const found = (Object.keys(PROVIDERS) as Provider[]).find(
    (provider) => provider === lower || PROVIDERS[provider].toLowerCase() === lower,
  );
  if (found !== undefined) return found;
  throw new ServiceError('invalid', `Give one of ${Object.values(PROVIDERS).join(', ')}.`, {
    field: 'provider',
  });
}

/** A line of the log as the admin API shows it. */
function shownRequest(
  request: Summary,
  domain: string | undefined,
  names: ReadonlyMap<string, string>,
): z.output<typeof requestSummary> {
  const { integrationId, credentialSuffix, userId, provider, reason, detail, ms, tolerances } = request;
  const { id, time, protocol, method, path, status, scimType, requestId } = request;
  return {
    ...{ id, tenant: domain, time, credentialSuffix, user: userId, provider: PROVIDERS[provider] },
    integration:
      integrationId === undefined ? undefined : { id: integrationId, name: names.get(integrationId) },
    ...{ protocol, method, path, status, scimType, ms, tolerances: [...tolerances], requestId },
    reason: reason ?? detail,
  };
}

function shownRecord(
  request: KeptRequest,
  domain: string,
  names: ReadonlyMap<string, string>,
  { baseUrl, keepsBodies }: { readonly baseUrl: string; readonly keepsBodies: boolean },
): z.output<typeof requestRecord> {
  const { userAgent, address, path, contentType, isReplayable } = request;
  return {
    ...shownRequest(request, domain, names),
    ...{ userAgent, address, url: `${baseUrl}${path}`, contentType, canReplay: isReplayable },
    requestBody: {
      text: request.requestBody,
      bytes: request.requestBytes,
      note: requestNote(request, keepsBodies),
    },
    responseBody: {
      text: request.responseBody,
      bytes: request.responseBytes,
      note: request.responseBody === undefined ? missingNote(request.responseBytes, keepsBodies) : undefined,
    },
    changes: shownChanges(request.changes),
    explanation: shownExplanation(request),
  };
}

type Changes = Parameters<typeof shownChange>[0][];

export const shownChanges = (changes: Readonly<Changes>): ReturnType<typeof shownChange>[] =>
  changes.map(shownChange);

function shownChange({
  type,
  id,
  name,
  before,
  after,
  membersAdded,
  membersRemoved,
}: KeptRequest['changes'][number]): z.output<typeof requestRecord>['changes'][number] {
  return {
    ...{ type, id, name },
    before: before === undefined ? undefined : JSON.parse(before),
    after: after === undefined ? undefined : JSON.parse(after),
    ...{ membersAdded: membersAdded.total, membersRemoved: membersRemoved.total },
  };
}

/** Why a request failed; undefined: it did not. */
function shownExplanation(
  request: Parameters<typeof explainRequest>[0],
): z.output<typeof explanation> | undefined {
  const found = explainRequest(request);
  if (found === undefined) return undefined;
  const { summary, rfc, remedy, setting } = found;
  return { summary, rfc, remedy, setting };
}

function requestNote(
  { requestBody, requestBytes, malformedAt, removed }: KeptRequest,
  keepsBodies: boolean,
): string | undefined {
  if (malformedAt !== undefined)
    return `The body is no JSON from its character ${malformedAt + 1} on. Such bodies are not kept, since nobody can tell what in them is secret.`;
  if (requestBody === undefined) return missingNote(requestBytes, keepsBodies);
  if (removed === 0) return undefined;
  return removed === 1 ? 'A secret was removed.' : `${removed} secrets were removed.`;
}

/** Why a body is not there. @param bytes undefined: there was none, or it was not read */
function missingNote(bytes: number | undefined, keepsBodies: boolean): string | undefined {
  if (bytes === undefined || bytes === 0) return undefined;
  return keepsBodies
    ? 'The body was not kept: it is too large, or came while bodies were not kept.'
    : 'Bodies are not kept (ROSTER_REQUEST_LOG_BODIES).';
}
