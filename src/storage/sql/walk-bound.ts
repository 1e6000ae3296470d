import { badRequest } from '../../core/error.ts';
import type { ReadAccess } from './engine.ts';
import type { BoundFilter, FilterScope } from './filter-scope.ts';
import { type Fragment, sql } from './fragment.ts';
import { asElement, indirectWalk } from './relation-sql.ts';

/** Memberships that the filters of a list may look at: some hundred milliseconds of a worker thread. */
const MAX_WALKED = 1_000_000;

/**
 * Refuses a filter on indirect membership that would look at too many memberships: what is asked of each group on its own
 * grows with the groups named, times those below them, times their members.
 *
 * @throws ScimError 400 tooMany
 */
export async function checkWalks(
  { scanner }: Pick<ReadAccess, 'scanner'>,
  scope: FilterScope,
  filter: BoundFilter,
): Promise<void> {
  let left = MAX_WALKED;
  for (const walk of walksOf(scope, filter)) {
    const statement = sql`SELECT count(*) AS walked FROM (${walk} LIMIT ${left + 1}) w`;
    const [row] = await scanner.all<{ walked: number }>(statement.text, statement.values);
    left -= Number(row?.walked ?? 0);
    if (left < 0)
      throw badRequest(
        'tooMany',
        `The filter looks at more than ${MAX_WALKED} memberships, since it asks for indirect ones of many groups.`,
      );
  }
}

function walksOf(scope: FilterScope, filter: BoundFilter): Fragment[] {
  if ('filters' in filter) return filter.filters.flatMap((part) => walksOf(scope, part));
  if (filter.kind === 'not') return walksOf(scope, filter.filter);
  if (filter.path.attribute.relation !== 'memberOf' || filter.kind === 'present') return [];
  const walk = indirectWalk(scope, filter.kind === 'element' ? filter.filter : asElement(filter));
  return walk === undefined ? [] : [walk];
}
