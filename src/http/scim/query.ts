import type { FastifyRequest } from 'fastify';
import type { ListParameters } from '../../core/list.ts';
import { type Projection, readProjection } from '../../core/project.ts';
import type { ResourceType } from '../../core/resource-type.ts';

/**
 * A query parameter, its name in any case (Entra ID also sends `startindex`); of one that is repeated the last counts.
 *
 * @returns undefined when it is absent
 */
function written(request: FastifyRequest, name: string): string | undefined {
  const query = request.query as Record<string, string | string[] | undefined>;
  const value =
    query[name] ?? query[Object.keys(query).find((key) => key.toLowerCase() === name.toLowerCase()) ?? ''];
  return Array.isArray(value) ? value.at(-1) : value;
}

/** An empty parameter counts as absent. */
const parameter = (request: FastifyRequest, name: string): string | undefined =>
  written(request, name) || undefined;

export const names = (request: FastifyRequest, name: string): string[] | undefined =>
  parameter(request, name)?.split(',');

/** `attributes` and `excludedAttributes` (RFC 7644 section 3.9). */
export const projectionOf = (request: FastifyRequest, type: ResourceType): Projection | undefined =>
  readProjection(type, names(request, 'attributes'), names(request, 'excludedAttributes'));

/** The query of a list request (RFC 7644 section 3.4.2). Parameters it does not know are ignored. */
export function listParametersOf(request: FastifyRequest): ListParameters {
  return {
    filter: parameter(request, 'filter'),
    sortBy: parameter(request, 'sortBy'),
    sortOrder: parameter(request, 'sortOrder'),
    startIndex: parameter(request, 'startIndex'),
    count: parameter(request, 'count'),
    // an empty one asks for the first page of a list that is read by cursors (RFC 9865 section 2)
    cursor: written(request, 'cursor'),
    projectionOf: (type) => projectionOf(request, type),
  };
}
