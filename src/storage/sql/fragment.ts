import type { SqlValue } from './engine.ts';

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
