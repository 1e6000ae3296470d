import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody, ScimError } from '../core/error.ts';

export const SCIM_MEDIA_TYPE = 'application/scim+json; charset=utf-8';

/** What a client did wrong before any SCIM code saw the request, in the words of an answer. */
const TRANSPORT_ERRORS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The request body must be application/scim+json or application/json.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The request body is not as long as Content-Length says.',
  FST_ERR_BAD_URL: 'The URL is malformed.',
};

declare module 'fastify' {
  interface FastifyRequest {
    /** Why the request was refused. */
    failure: ScimError | undefined;
  }
}

/** Any failure as the answer a SCIM client gets (RFC 7644 section 3.12). Nothing of an unexpected one is told. */
function toScimError(error: unknown, request: FastifyRequest): ScimError {
  if (error instanceof ScimError) return error;
  const { code, statusCode } = error as Partial<FastifyError>;
  // RFC 7644 section 3.7.4: the answer names the limit
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ScimError(413, `The request body is larger than ${request.routeOptions.bodyLimit} bytes.`);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new ScimError(statusCode, TRANSPORT_ERRORS[code ?? ''] ?? 'The request is malformed.');
  return new ScimError(500, 'The server failed on this request.');
}

/**
 * A body that is too large, but not larger than this many bytes, is read to its end and thrown away: a client that still
 * writes when the connection closes does not get to see the answer.
 */
const DISCARDED_BYTES = 64 * 1024 * 1024;

const canBeDiscarded = ({ headers }: FastifyRequest): boolean =>
  Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) <= DISCARDED_BYTES;

/** How a failure is told to the clients of a protocol. */
interface ErrorForm {
  readonly mediaType: string;
  readonly challenge: string;
  /** The failure in the terms of the protocol. */
  adapt?(error: ScimError): ScimError;
  errorJson(error: ScimError): object;
}

export type ErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** Answers a failure; one that is the server's own fault is logged with its cause. */
export function errorHandler({
  mediaType,
  challenge,
  adapt = (error) => error,
  errorJson,
}: ErrorForm): ErrorHandler {
  return (error, request, reply) => {
    const scimError = adapt(toScimError(error, request));
    request.failure = scimError;
    if (scimError.status >= 500) request.log.error({ requestId: request.id, err: error }, 'request failed');
    if (scimError.status === 413 && canBeDiscarded(request)) reply.removeHeader('connection');
    if (scimError.retryAfter !== undefined) reply.header('Retry-After', scimError.retryAfter);
    if (scimError.status === 401) reply.header('WWW-Authenticate', challenge);
    const text = JSON.stringify(errorJson(scimError));
    return reply.code(scimError.status).header('Content-Type', mediaType).send(text);
  };
}

/** RFC 7644 section 3.12. */
export const sendError = errorHandler({
  mediaType: SCIM_MEDIA_TYPE,
  challenge: 'Bearer realm="SCIM", Basic realm="SCIM"',
  errorJson: errorBody,
});
