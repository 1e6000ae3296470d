import { badRequest } from '../core/error.ts';
import { readFilter, readFilterAcross } from '../core/filter-binding.ts';
import { type CursorPage, type ListParameters, readPage } from '../core/list.ts';
import type { ResourceType } from '../core/resource-type.ts';
import { readSortAcross } from '../core/sort.ts';
import type { PageByPosition, Position } from '../storage/storage.ts';
import { type Body, listAnswer, relationQuery, type ShownPart } from './answers.ts';
import type { RequestContext, Services } from './context.ts';
import type { Cursor } from './cursors.ts';

/**
 * Lists the resources of one type (RFC 7644 section 3.4.2), or of several when the server's root is asked (section 3.4.2.1).
 *
 * @returns a ListResponse; with large groups in it, it is made while it is sent
 * @throws ScimError 400 invalidFilter, invalidPath, invalidValue, invalidCount, invalidCursor or expiredCursor
 */
export async function listResources(
  services: Services,
  context: RequestContext,
  types: readonly ResourceType[],
  parameters: ListParameters,
): Promise<Body> {
  const page = readPage(parameters);
  const isPaged = parameters.startIndex !== undefined || parameters.count !== undefined;
  const shown = partsOf(context, types, parameters);
  const parts = shown.map(({ part }) => part);
  const { storage, cursors } = services;
  if (!('cursor' in page)) {
    const found = await storage.listResources(context.tenantId, { parts, page });
    return listAnswer(context, shown, found, { startIndex: page.startIndex }, isPaged);
  }
  const binding = bindingOf(context, types, parameters);
  const wanted = placeOf(page, page.cursor === '' ? undefined : cursors.open(page.cursor, binding));
  const found = await storage.listResources(context.tenantId, { parts, page: wanted });
  const known = parameters.filter === undefined ? undefined : found.totalResults;
  const seal = (position: Position | undefined, direction: Cursor['direction']): string | undefined =>
    position && cursors.seal({ position, direction, count: page.count, totalResults: known }, binding);
  const place = { previousCursor: seal(found.previous, 'before'), nextCursor: seal(found.next, 'after') };
  return listAnswer(context, shown, found, place, isPaged);
}

function partsOf(
  context: RequestContext,
  types: readonly ResourceType[],
  { filter, sortBy, sortOrder, projectionOf }: ListParameters,
): ShownPart[] {
  const sorts = readSortAcross(types, sortBy, sortOrder);
  const filters = filtersOf(context, types, filter);
  return types.flatMap((type, index): ShownPart[] => {
    const bound = filters[index] ?? true;
    if (bound === false) return [];
    const projection = projectionOf(type);
    const relation = relationQuery(context, type, projection);
    const part = { type, filter: bound === true ? undefined : bound, sort: sorts[index], relation };
    return [{ part, projection }];
  });
}

function filtersOf(
  { tolerance }: RequestContext,
  types: readonly ResourceType[],
  filter: string | undefined,
): ReturnType<typeof readFilterAcross> {
  if (filter === undefined) return [];
  const [only, ...more] = types;
  if (only !== undefined && more.length === 0) return [readFilter(only, filter, tolerance)];
  return readFilterAcross(types, filter, tolerance);
}

/**
 * RFC 9865 sections 2 and 5.2: a cursor is good for the query that it came from, and for who asked it. Other definitions make
 * another list of the same query: with other types in it, and other values to sort by.
 */
const bindingOf = (
  { tenantId, subject, registry }: RequestContext,
  types: readonly ResourceType[],
  { filter, sortBy, sortOrder }: ListParameters,
): readonly unknown[] => [
  ...[tenantId, subject, registry.revision],
  ...[types.map(({ name }) => name), filter, sortBy, sortOrder],
];

function placeOf({ count }: CursorPage, cursor: Cursor | undefined): PageByPosition {
  if (cursor === undefined)
    return { position: undefined, direction: 'after', count, totalResults: undefined };
  if (cursor.count !== count)
    throw badRequest(
      'invalidCount',
      `count must stay ${cursor.count}, as in the first request of the query.`,
    );
  return { ...cursor, count };
}
