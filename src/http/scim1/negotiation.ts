import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { ScimError } from '../../core/error.ts';

// What clients of SCIM 1.1 and its server agree on before a body is read. Roster speaks JSON only, as WSO2 Identity Server
// does, and answers 406 where that is not enough.

const WRITING = new Set(['POST', 'PUT', 'PATCH']);
const JSON_TYPE = /^application\/(?:[a-z.]+\+)?json\s*(?:;|$)/i;
const ACCEPTED = /(?:^|[,\s])(?:\*\/\*|application\/(?:\*|(?:scim\+)?json))\s*(?:[;,]|$)/i;

/**
 * Refuses requests for another format, and bodies in one.
 *
 * @throws ScimError 406
 */
export function negotiate(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const problem = problemOf(request);
  if (problem !== undefined) {
    done(new ScimError(406, problem));
    return;
  }
  // answers hold personal data, and clients of this version know no ETag
  reply.header('Cache-Control', 'no-store, no-cache, must-revalidate, private');
  done();
}

function problemOf(request: FastifyRequest): string | undefined {
  const { accept, 'content-type': contentType } = request.headers;
  if (accept !== undefined && accept.trim() !== '' && !ACCEPTED.test(accept))
    return 'Requested format is not supported: answers are in application/json.';
  if (!WRITING.has(request.method)) return undefined;
  if (contentType !== undefined)
    return JSON_TYPE.test(contentType)
      ? undefined
      : 'Requested format is not supported: a body has to be in application/json.';
  if (!isForGroups(request)) return 'Content-Type not present in the request header.';
  request.headers['content-type'] = 'application/json';
  return undefined;
}

/** Groups are taken without a Content-Type, as existing clients send them. */
const isForGroups = ({ routeOptions }: FastifyRequest): boolean =>
  routeOptions.url?.includes('/Groups') ?? false;

const OVERRIDES = new Set(['PUT', 'PATCH', 'DELETE']);
const PATH = /^(?:\/t\/[^/]+)?\/(?:wso2\/scim|scim\/v1)\//;

/**
 * Makes of a POST the method that its header names, before a route is chosen (SCIM 1.1 REST API section 3.12): some clients
 * and proxies know no PATCH.
 *
 * @returns the URL, as it was
 */
export function overrideMethod(request: IncomingMessage): string {
  const url = request.url ?? '';
  const wanted = request.headers['x-http-method-override'];
  if (wanted !== undefined && request.method === 'POST' && PATH.test(url)) {
    const method = String(wanted).toUpperCase();
    if (OVERRIDES.has(method)) request.method = method;
  }
  return url;
}
