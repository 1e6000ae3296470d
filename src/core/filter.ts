/** Comparison operators of RFC 7644 table 3, `pr` apart. */
export const COMPARE_OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type CompareOperator = (typeof COMPARE_OPERATORS)[number];

export type FilterValue = string | number | boolean | null;

/**
 * A filter as a tree (RFC 7644 section 3.4.2.2). `P` is what stands for an attribute: the written name as parsed, the
 * attribute itself once bound to a resource type.
 */
export type Filter<P> =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter<P>[] }
  | { readonly kind: 'not'; readonly filter: Filter<P> }
  | { readonly kind: 'present'; readonly path: P }
  | {
      readonly kind: 'compare';
      readonly path: P;
      readonly operator: CompareOperator;
      readonly value: FilterValue;
    }
  /** A value path: one element of `path` must satisfy the whole of `filter`. */
  | { readonly kind: 'element'; readonly path: P; readonly filter: Filter<P> };

/** Bounds on a filter, all checked before anything recurses over it. */
export const MAX_FILTER_LENGTH = 16_384;
export const MAX_FILTER_TERMS = 100;
export const MAX_FILTER_DEPTH = 32;

/** Writes a filter in the RFC's grammar; parsing the text gives the same tree. */
export function printFilter(filter: Filter<string>): string {
  switch (filter.kind) {
    case 'present':
      return `${filter.path} pr`;
    case 'compare':
      return `${filter.path} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case 'not':
      return `not (${printFilter(filter.filter)})`;
    case 'element':
      return `${filter.path}[${printFilter(filter.filter)}]`;
    default:
      return filter.filters
        .map((part) =>
          part.kind === 'and' || part.kind === 'or' ? `(${printFilter(part)})` : printFilter(part),
        )
        .join(` ${filter.kind} `);
  }
}
