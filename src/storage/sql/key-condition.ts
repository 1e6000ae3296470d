import type { CompareOperator } from '../../core/filter.ts';
import type { SqlDialect } from './engine.ts';
import { type Fragment, raw, sql } from './fragment.ts';
import { cutKey, isSurelyWhole, surePrefix } from './index-columns.ts';

export type PositiveOperator = Exclude<CompareOperator, 'ne'>;

/** A comparison of a column that holds keys as a whole. */
export function columnCondition(
  dialect: SqlDialect,
  column: string,
  operator: PositiveOperator,
  key: string,
): Fragment {
  const name = raw(column);
  switch (operator) {
    case 'eq':
      return sql`${name} = ${key}`;
    case 'gt':
      return sql`${name} > ${key}`;
    case 'ge':
      return sql`${name} >= ${key}`;
    case 'lt':
      return sql`${name} < ${key}`;
    case 'le':
      return sql`${name} <= ${key}`;
    case 'sw':
      return prefixCondition(column, key);
    case 'co':
      return { text: `${dialect.position(column, '?')} > 0`, values: [key] };
    case 'ew':
      return { text: `${dialect.ending(column, '?')} = ?`, values: [key, key] };
  }
}

/** A comparison of `attribute_value` rows, whose long keys are cut: `value` finds them, `whole` decides. */
export function valueCondition(
  dialect: SqlDialect,
  alias: string,
  operator: PositiveOperator,
  key: string,
): Fragment {
  const value = `${alias}.value`;
  const whole = `COALESCE(${alias}.whole, ${alias}.value)`;
  switch (operator) {
    case 'eq':
      if (isSurelyWhole(key)) return sql`${raw(value)} = ${key}`;
      return sql`${raw(value)} = ${cutKey(key).value} AND ${raw(whole)} = ${key}`;
    case 'sw':
      if (isSurelyWhole(key)) return prefixCondition(value, key);
      return sql`${prefixCondition(value, surePrefix(key))} AND ${columnCondition(dialect, whole, 'sw', key)}`;
    case 'gt':
    case 'ge':
      return sql`${raw(value)} >= ${surePrefix(key)} AND ${columnCondition(dialect, whole, operator, key)}`;
    case 'lt':
    case 'le':
      return sql`${raw(value)} <= ${key} AND ${columnCondition(dialect, whole, operator, key)}`;
    default:
      return columnCondition(dialect, whole, operator, key);
  }
}

/** A prefix is a range, which an index answers; LIKE would give `%` and `_` a meaning. */
function prefixCondition(column: string, prefix: string): Fragment {
  const name = raw(column);
  const end = prefixEnd(prefix);
  return end === undefined ? sql`${name} >= ${prefix}` : sql`${name} >= ${prefix} AND ${name} < ${end}`;
}

/** The least text above all that start with the prefix; undefined when there is none. */
function prefixEnd(prefix: string): string | undefined {
  const points = [...prefix];
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const next = nextCodePoint(last.codePointAt(0) as number);
    if (next !== undefined) return points.join('') + String.fromCodePoint(next);
  }
  return undefined;
}

function nextCodePoint(point: number): number | undefined {
  if (point >= 0x10ffff) return undefined;
  // the surrogates between U+D7FF and U+E000 are no characters
  return point === 0xd7ff ? 0xe000 : point + 1;
}
