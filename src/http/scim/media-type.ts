import type { FastifyRequest } from 'fastify';
import { SCIM_MEDIA_TYPE } from '../errors.ts';

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';

/** RFC 7644 section 3.8: scim+json, but plain JSON for clients that accept only that. */
export function mediaTypeFor(request: FastifyRequest): string {
  const accept = request.headers.accept?.toLowerCase();
  if (accept === undefined || accept.includes('scim+json')) return SCIM_MEDIA_TYPE;
  return accept.includes('application/json') ? JSON_MEDIA_TYPE : SCIM_MEDIA_TYPE;
}
