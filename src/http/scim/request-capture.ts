import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { secretNamesOf } from '../../core/redaction.ts';
import { BUILT_IN } from '../../core/registry.ts';
import type { RequestLog } from '../../service/request-log.ts';

type CapturedRequest = Parameters<RequestLog['note']>[0];
type CapturedSource = CapturedRequest['source'];

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
 * @param now milliseconds since 1970
 */
export function captureRequests(
  scim: FastifyInstance,
  log: RequestLog,
  protocol: '2.0' | '1.1',
  now: () => number,
): void {
  scim.addHook('onRequest', (request, _reply, done) => {
    request.capture = newCapture(log);
    done();
  });
  if (log.keepsBodies)
    scim.addHook('onSend', (request, _reply, payload, done) => {
      const { capture } = request;
      if (capture && typeof payload === 'string' && payload.length <= MOST_BYTES && request.method !== 'HEAD')
        capture.responseBody = payload;
      done();
    });
  scim.addHook('onResponse', (request, reply, done) => {
    const { capture } = request;
    if (capture !== undefined) {
      const answered = answeredRequest(request, reply, capture, { protocol, time: now() });
      if (request.scim !== undefined) log.note(answered);
      else log.noteStranger(answered, (request.params as { tenant?: string }).tenant);
    }
    done();
  });
}

/** Notes a request that no SCIM root has seen, such as one with a malformed URL. */
export function noteElsewhere(
  log: RequestLog,
  request: FastifyRequest,
  reply: FastifyReply,
  time: number,
): void {
  const reason = 'no SCIM at this URL';
  log.noteStranger(
    answeredRequest(request, reply, newCapture(log), { protocol: '2.0', time, reason }),
    undefined,
  );
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
  { protocol, time, reason }: { protocol: '2.0' | '1.1'; time: number; reason?: string },
): CapturedRequest {
  const { scim, failure, headers } = request;
  const { url: route } = request.routeOptions;
  const { tolerance } = scim?.context ?? {};
  return {
    source: sourceOf(request, protocol, route),
    time,
    path: request.url,
    status: reply.statusCode,
    ms: reply.elapsedTime,
    requestId: request.id,
    requestBytes: capture.requestBytes ?? sizeOf(headers['content-length']),
    responseBytes: capture.responseBytes ?? sizeOf(reply.getHeader('content-length')) ?? 0,
    resourceId: resourceIdOf(request, reply, route),
    tolerances: tolerance === undefined || tolerance.used.size === 0 ? NONE : [...tolerance.used],
    requestBody: capture.requestBody,
    isMalformed: capture.isMalformed,
    responseBody: capture.responseBody,
    failure: failure && { scimType: failure.scimType, detail: failure.message, reason },
    changes: changesOf(scim, capture.keepsBodies),
  };
}

type ScimRequest = NonNullable<FastifyRequest['scim']>;

const NONE: readonly never[] = [];

/** The sources of a credential by route, each as it was the last time. */
const sources = new WeakMap<object, Map<string | undefined, CapturedSource>>();

/** Who has sent a request and where to: the same object as long as it is the same. */
function sourceOf(
  request: FastifyRequest,
  protocol: '2.0' | '1.1',
  route: string | undefined,
): CapturedSource {
  const { scim, headers, method, ip } = request;
  const { grant } = scim ?? {};
  const secretNames = secretNamesOf(scim?.context.registry ?? BUILT_IN);
  const { authorization, 'content-type': contentType, 'user-agent': userAgent = '' } = headers;
  let known = grant && sources.get(grant);
  const last = known?.get(route);
  if (
    last !== undefined &&
    last.method === method &&
    last.address === ip &&
    last.userAgent === userAgent &&
    last.contentType === contentType &&
    last.authorization === authorization &&
    last.secretNames === secretNames
  )
    return last;
  const source: CapturedSource = {
    tenantId: scim?.tenant.id ?? '',
    integrationId: grant?.integration.id,
    credentialId: grant?.credential.id,
    credentialSuffix: grant?.credential.suffix,
    userId: grant === undefined ? scim?.context.subject : undefined,
    ...{ userAgent, contentType, address: ip, protocol, method, route, secretNames, authorization },
  };
  if (grant !== undefined) {
    known ??= new Map();
    sources.set(grant, known.set(route, source));
  }
  return source;
}

/** Without bodies there are no documents of before and after either. */
function changesOf(scim: ScimRequest | undefined, keepsBodies: boolean): CapturedRequest['changes'] {
  const changes = scim?.context.changes ?? NONE;
  if (changes.length === 0) return NONE;
  return keepsBodies
    ? changes
    : changes.map((change) => ({ ...change, before: undefined, after: undefined }));
}

const sizeOf = (header: number | string | string[] | undefined): number | undefined =>
  header === undefined ? undefined : Number(header);

/** The resource that the URL names, or that was created. */
function resourceIdOf(
  request: FastifyRequest,
  reply: FastifyReply,
  route: string | undefined,
): string | undefined {
  const { id } = (request.params ?? {}) as { id?: string };
  if (id !== undefined)
    // schemas are no resources
    return id.length > LONGEST_ID || route?.endsWith('/Schemas/:id') ? undefined : id;
  if (reply.statusCode !== 201) return undefined;
  const location = reply.getHeader('location');
  return typeof location === 'string' ? location.slice(location.lastIndexOf('/') + 1) : undefined;
}
