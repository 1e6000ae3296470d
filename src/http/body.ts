import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { invalidSyntax, ScimError } from '../core/error.ts';
import { type JsonValue, parseJson } from '../core/json.ts';
import { captureBody, captureMalformed } from './scim/request-capture.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

/** Reads JSON bodies only, in UTF-8, uncompressed; all else is 415 before a byte of it is looked at. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/scim+json', 'application/json'],
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => decodeBody(request, body),
  );
}

/** @returns undefined for an empty body: some clients name a type on requests that have none */
function decodeBody(request: FastifyRequest, body: Buffer): JsonValue | undefined {
  if (body.length === 0) return undefined;
  const charset = CHARSET.exec(request.headers['content-type'] ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
  if (charset !== 'utf-8' && charset !== 'utf8')
    throw new ScimError(415, 'The request body must be in UTF-8.');
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    captureBody(request, body.length, undefined);
    throw invalidSyntax('The request body is not valid UTF-8.');
  }
  captureBody(request, body.length, text);
  try {
    return parseJson(text);
  } catch (error) {
    captureMalformed(request);
    throw error;
  }
}

/** A compressed body could be any size once unpacked. */
export function refuseCompressedBody(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: HookHandlerDoneFunction,
): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    done(new ScimError(415, 'The request body must not be compressed.'));
  else done();
}

/**
 * The JSON body of a request.
 *
 * @throws ScimError 400 invalidSyntax when there is none
 */
export function requireBody(request: FastifyRequest): JsonValue {
  if (request.body === undefined) throw invalidSyntax('The request needs a JSON body.');
  return request.body as JsonValue;
}
