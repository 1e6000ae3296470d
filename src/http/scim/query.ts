import type { FastifyRequest } from 'fastify';
import { readFilter } from '../../core/filter-binding.ts';
import { readPage } from '../../core/list.ts';
import { type Projection, readProjection } from '../../core/project.ts';
import type { ResourceType } from '../../core/resource-type.ts';
import { readSort } from '../../core/sort.ts';
import type { RequestContext } from '../../service/context.ts';
import type { ListRequest } from '../../service/resources.ts';

/**
 * A query parameter, its name in any case (Entra ID also sends `startindex`); of one that is repeated the last counts, and an
 * empty one counts as absent.
 */
function parameter(request: FastifyRequest, name: string): string | undefined {
  const query = request.query as Record<string, string | string[] | undefined>;
  const value =
    query[name] ?? query[Object.keys(query).find((key) => key.toLowerCase() === name.toLowerCase()) ?? ''];
  const last = Array.isArray(value) ? value.at(-1) : value;
  return last === '' ? undefined : last;
}

/** `attributes` and `excludedAttributes` (RFC 7644 section 3.9). */
export function projectionOf(request: FastifyRequest, type: ResourceType): Projection | undefined {
  const names = (name: string): string[] | undefined => parameter(request, name)?.split(',');
  return readProjection(type, names('attributes'), names('excludedAttributes'));
}

/**
 * The query of a list request (RFC 7644 section 3.4.2). Parameters it does not know are ignored.
 *
 * @throws ScimError 400 invalidFilter, invalidPath or invalidValue
 */
export function listRequestOf(
  request: FastifyRequest,
  context: RequestContext,
  type: ResourceType,
): ListRequest {
  const filter = parameter(request, 'filter');
  return {
    ...readPage(parameter(request, 'startIndex'), parameter(request, 'count')),
    filter: filter === undefined ? undefined : readFilter(type, filter, context.tolerance),
    sort: readSort(type, parameter(request, 'sortBy'), parameter(request, 'sortOrder')),
    projection: projectionOf(request, type),
  };
}
