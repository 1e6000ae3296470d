import type { SqlDialect, SqlValue } from './engine.ts';

/** A piece of SQL with the values of its placeholders. Client text is only ever a value, never part of `text`. */
export interface Fragment {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/**
 * Builds a fragment: fragments are put in place, everything else becomes a `?` and its value.
 *
 * @example sql`tenant_id = ${tenantId} AND ${condition}`
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Fragment | SqlValue)[]): Fragment {
  let text = strings[0] as string;
  const values: SqlValue[] = [];
  parts.forEach((part, index) => {
    if (isFragment(part)) {
      text += part.text;
      values.push(...part.values);
    } else {
      text += '?';
      values.push(part);
    }
    text += strings[index + 1] as string;
  });
  return { text, values };
}

const isFragment = (part: Fragment | SqlValue): part is Fragment =>
  typeof part === 'object' && part !== null && 'text' in part;

/** Text that the program itself wrote, such as a column name. */
export const raw = (text: string): Fragment => ({ text, values: [] });

export function joinFragments(fragments: readonly Fragment[], separator: string): Fragment {
  return {
    text: fragments.map(({ text }) => text).join(separator),
    values: fragments.flatMap(({ values }) => values),
  };
}

/** The end of a query in EXISTS that is a look for one row by its key: with an OFFSET, PostgreSQL makes no join of it. */
export const ONE_LOOK = raw('LIMIT 1 OFFSET 0');

/** `eachWith` of a dialect, for a condition with values. */
export const eachWith = (
  dialect: SqlDialect,
  table: string,
  alias: string,
  condition: Fragment,
): Fragment => ({
  text: dialect.eachWith(table, alias, condition.text),
  values: condition.values,
});
