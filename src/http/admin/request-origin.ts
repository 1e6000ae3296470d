import type { FastifyRequest } from 'fastify';
import { ServiceError } from '../../service/service-error.ts';

/** A header that no form and no link of another site can send. */
const OWN_HEADER = 'x-roster-request';

const READING = new Set(['GET', 'HEAD']);

/**
 * Refuses what another site may have made the browser send. Requests with an Authorization header don't need that: no
 * browser adds one by itself.
 *
 * @param ownOrigin of the console as people reach it
 * @throws ServiceError forbidden
 */
export function requireOwnOrigin(request: FastifyRequest, ownOrigin: string): void {
  const { method, headers } = request;
  if (READING.has(method) || headers.authorization !== undefined) return;
  const site = headers['sec-fetch-site'];
  const isOwnSite = site === undefined || site === 'same-origin';
  const isOwnPage =
    headers.origin === undefined ||
    headers.origin === ownOrigin ||
    headers.origin === `${request.protocol}://${request.host}`;
  if (isOwnSite && isOwnPage && headers[OWN_HEADER] !== undefined) return;
  throw new ServiceError(
    'forbidden',
    `A change must come from the console at ${ownOrigin}, or with an API key; the header X-Roster-Request is missing or the request comes from another site.`,
  );
}
