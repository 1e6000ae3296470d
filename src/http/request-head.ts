import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { errorBody, ScimError } from '../core/error.ts';
import { SCIM_MEDIA_TYPE } from './errors.ts';

/** Bytes of all header fields together. */
const MAX_HEADER_BYTES = 16 * 1024;

/** Refuses with 431 (RFC 6585 section 5). */
export function limitHeaders(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: HookHandlerDoneFunction,
): void {
  let bytes = 0;
  for (const text of request.raw.rawHeaders) bytes += text.length;
  if (bytes > MAX_HEADER_BYTES) done(new ScimError(431, 'The request header fields are too large.'));
  else done();
}

const STATUS_OF_PARSE_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** Answers what is no HTTP request, on the bare socket, and ends the connection. */
export function refuseMalformedRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF_PARSE_ERROR[error.code ?? ''] ?? 400;
  const reason = REASONS[status] as string;
  const body = JSON.stringify(errorBody(new ScimError(status, `${reason}.`)));
  socket.write(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: ${SCIM_MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  // a client that keeps its own side open must not keep the connection
  socket.destroySoon();
}
