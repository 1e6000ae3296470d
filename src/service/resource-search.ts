import type { Filter } from '../core/filter.ts';
import { readFilter } from '../core/filter-binding.ts';
import type { AttributePath } from '../core/path.ts';
import { searchFilter } from '../core/plain-search.ts';
import { type Projection, readProjection } from '../core/project.ts';
import type { ResourceType } from '../core/resource-type.ts';
import { readSort } from '../core/sort.ts';
import { relationQuery, resourceAnswer, wholeText } from './answers.ts';
import type { RequestContext, Services } from './context.ts';

/** What to look for among the resources of a type; what is absent is not asked for. */
export interface ResourceSearch {
  /** Words that names and addresses begin with. */
  readonly search?: string | undefined;
  /** A filter of RFC 7644 section 3.4.2.2. */
  readonly filter?: string | undefined;
  readonly sortBy?: string | undefined;
  readonly sortOrder?: string | undefined;
  /** 1-based. */
  readonly startIndex: number;
  readonly count: number;
}

/** A page of what was found. */
export interface FoundResources {
  readonly totalResults: number;
  /** Each as JSON text, without membership. */
  readonly resources: readonly string[];
}

/**
 * Searches the resources of a type, in words or by a filter, or by both.
 *
 * @throws ScimError 400 invalidFilter with the position of what is wrong, 400 invalidPath for `sortBy`
 */
export async function searchResources(
  { storage }: Pick<Services, 'storage'>,
  context: RequestContext,
  type: ResourceType,
  { search, filter, sortBy, sortOrder, startIndex, count }: ResourceSearch,
): Promise<FoundResources> {
  const { tenantId, tolerance } = context;
  const wanted =
    filter === undefined || filter.trim() === '' ? undefined : readFilter(type, filter, tolerance);
  const found = await plainSearch({ storage }, context, type, search);
  const projection = withoutRelation(type);
  const part = {
    type,
    filter: both(wanted, found),
    sort: readSort(type, sortBy, sortOrder),
    relation: relationQuery(context, type, projection),
  };
  const { totalResults, resources } = await storage.listResources(tenantId, {
    parts: [part],
    page: { startIndex, count },
  });
  return {
    totalResults,
    resources: await Promise.all(
      resources.map((resource) => wholeText(resourceAnswer(context, type, resource, projection).body)),
    ),
  };
}

/** The filter that words come to; undefined where there are none. */
export async function plainSearch(
  { storage }: Pick<Services, 'storage'>,
  { tenantId }: Pick<RequestContext, 'tenantId'>,
  type: ResourceType,
  search: string | undefined,
): Promise<Filter<AttributePath> | undefined> {
  if (search === undefined || search.trim() === '') return undefined;
  return searchFilter(type, search, await storage.directory.listUserStores(tenantId));
}

/** All of a resource but its membership, which may be large and has lists of its own. */
const withoutRelation = (type: ResourceType): Projection | undefined =>
  readProjection(type, undefined, type.relationAttribute && [type.relationAttribute.name]);

/** All of a resource but the members of a group. */
export const withoutMembers = (type: ResourceType): Projection | undefined =>
  type.relationAttribute?.relation === 'members'
    ? withoutRelation(type)
    : readProjection(type, undefined, undefined);

const both = (
  one: Filter<AttributePath> | undefined,
  other: Filter<AttributePath> | undefined,
): Filter<AttributePath> | undefined =>
  one === undefined || other === undefined ? (one ?? other) : { kind: 'and', filters: [one, other] };
