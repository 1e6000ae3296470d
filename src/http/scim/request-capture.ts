import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { secretNamesOf } from '../../core/redaction.ts';
import { BUILT_IN } from '../../core/registry.ts';
import type { AnsweredRequest, Requester, RequestLog } from '../../service/request-log.ts';

/** Bytes of a body that are kept; of a larger one only the size is. */
const MOST_BYTES = 64 * 1024;

/** Characters of an id in a URL, which may be of any length. */
const LONGEST_ID = 100;

/** What is kept of a request while it is answered. */
interface Capture {
  readonly keepsBodies: boolean;
  requestBody: string | undefined;
  requestBytes: number | undefined;
  isMalformed: boolean;
  responseBody: string | undefined;
  /** Of an answer that is made while it is sent. */
  responseBytes: number | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** undefined: the request is not for the request log. */
    capture: Capture | undefined;
  }
}

/**
 * Notes every request below a SCIM root, whatever becomes of it. To be called before all else that may refuse one.
 *
 * @param protocol the version that is spoken there
 */
export function captureRequests(scim: FastifyInstance, log: RequestLog, protocol: '2.0' | '1.1'): void {
  scim.addHook('onRequest', (request, _reply, done) => {
    request.capture = newCapture(log);
    done();
  });
  scim.addHook('onSend', (request, _reply, payload, done) => {
    const { capture } = request;
    if (
      capture?.keepsBodies &&
      typeof payload === 'string' &&
      payload.length <= MOST_BYTES &&
      request.method !== 'HEAD'
    )
      capture.responseBody = payload;
    done(null, payload);
  });
  scim.addHook('onResponse', (request, reply, done) => {
    if (request.capture !== undefined) log.note(answeredRequest(request, reply, request.capture, protocol));
    done();
  });
}

/** Notes a request that no SCIM root has seen, such as one with a malformed URL. */
export function noteElsewhere(log: RequestLog, request: FastifyRequest, reply: FastifyReply): void {
  log.note({
    ...answeredRequest(request, reply, newCapture(log), '2.0'),
    reason: 'no SCIM at this URL',
  });
}

const newCapture = ({ keepsBodies }: RequestLog): Capture => ({
  keepsBodies,
  requestBody: undefined,
  requestBytes: undefined,
  isMalformed: false,
  responseBody: undefined,
  responseBytes: undefined,
});

/** Keeps the body of a request that is captured. @param text undefined: it is no text */
export function captureBody({ capture }: FastifyRequest, bytes: number, text: string | undefined): void {
  if (capture === undefined) return;
  capture.requestBytes = bytes;
  if (capture.keepsBodies && bytes <= MOST_BYTES) capture.requestBody = text;
}

/** Says that a body is no JSON, so that nobody knows what is secret in it. */
export function captureMalformed({ capture }: FastifyRequest): void {
  if (capture !== undefined) capture.isMalformed = true;
}

/** The pieces of an answer, counted while they are sent. */
export async function* countedPieces(
  { capture }: FastifyRequest,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    if (capture !== undefined) capture.responseBytes = (capture.responseBytes ?? 0) + piece.length;
    yield piece;
  }
}

function answeredRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  capture: Capture,
  protocol: '2.0' | '1.1',
): AnsweredRequest {
  const { scim, failure, headers, routeOptions } = request;
  const { authorization } = headers;
  return {
    requester: scim && requesterOf(scim),
    domain: (request.params as { tenant?: string } | undefined)?.tenant,
    userAgent: headers['user-agent'] ?? '',
    contentType: headers['content-type'],
    protocol,
    method: request.method,
    path: request.url,
    route: routeOptions.url,
    status: reply.statusCode,
    scimType: failure?.scimType,
    detail: failure?.message,
    reason: undefined,
    ms: reply.elapsedTime,
    tolerances:
      scim === undefined || scim.context.tolerance.used.size === 0 ? [] : [...scim.context.tolerance.used],
    requestId: request.id,
    address: request.ip,
    requestBytes: capture.requestBytes ?? sizeOf(headers['content-length']),
    responseBytes: capture.responseBytes ?? sizeOf(reply.getHeader('content-length')) ?? 0,
    resourceId: resourceIdOf(request, reply),
    requestBody: capture.requestBody,
    isMalformed: capture.isMalformed,
    responseBody: capture.responseBody,
    changes: changesOf(scim, capture.keepsBodies),
    secretNames: secretNamesOf(scim?.context.registry ?? BUILT_IN),
    authorization,
  };
}

type ScimRequest = NonNullable<FastifyRequest['scim']>;

const requesterOf = ({ tenant, grant, context }: ScimRequest): Requester => ({
  tenantId: tenant.id,
  integrationId: grant?.integration.id,
  credentialId: grant?.credential.id,
  credentialSuffix: grant?.credential.suffix,
  userId: grant === undefined ? context.subject : undefined,
});

const NO_CHANGES: AnsweredRequest['changes'] = [];

/** Without bodies there are no documents of before and after either. */
function changesOf(scim: ScimRequest | undefined, keepsBodies: boolean): AnsweredRequest['changes'] {
  const changes = scim?.context.changes ?? NO_CHANGES;
  if (changes.length === 0) return NO_CHANGES;
  return keepsBodies
    ? changes
    : changes.map((change) => ({ ...change, before: undefined, after: undefined }));
}

const sizeOf = (header: number | string | string[] | undefined): number | undefined =>
  header === undefined ? undefined : Number(header);

/** The resource that the URL names, or that was created. */
function resourceIdOf(request: FastifyRequest, reply: FastifyReply): string | undefined {
  const { id } = (request.params ?? {}) as { id?: string };
  if (id !== undefined)
    // schemas are no resources
    return id.length > LONGEST_ID || request.routeOptions.url?.endsWith('/Schemas/:id') ? undefined : id;
  if (reply.statusCode !== 201) return undefined;
  const location = reply.getHeader('location');
  return typeof location === 'string' ? location.slice(location.lastIndexOf('/') + 1) : undefined;
}
