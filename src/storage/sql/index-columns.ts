import { invalidValue } from '../../core/error.ts';
import type { IndexValue } from '../../core/index-values.ts';

/**
 * The attributes that every provider filters and sorts by have columns of their own in `resource`; all others are rows
 * of `attribute_value`. By index path.
 */
const COLUMN_OF_PATH: ReadonlyMap<string, string> = new Map([
  ['userName', 'user_name'],
  ['displayName', 'display_name'],
  ['externalId', 'external_id'],
  ['name.familyName', 'family_name'],
  ['active', 'active'],
]);

/** Columns of `resource` that storage fills itself. */
const OWN_COLUMNS: ReadonlyMap<string, string> = new Map([
  ['id', 'id'],
  ['meta.created', 'created'],
  ['meta.lastModified', 'last_modified'],
]);

/** The column that a filter on the attribute reads, if it has one. */
export const columnOf = (indexPath: string): string | undefined =>
  COLUMN_OF_PATH.get(indexPath) ?? OWN_COLUMNS.get(indexPath);

/** Longest key of a column; PostgreSQL's index entries end at about 2,700 bytes. */
const MAX_COLUMN_KEY = 512;

/** Keys of attribute rows are cut there; the whole key stands beside a cut one. */
const MAX_VALUE_KEY = 256;

export interface IndexColumns {
  user_name: string | null;
  display_name: string | null;
  external_id: string | null;
  family_name: string | null;
  active: string | null;
}

/** One row of `attribute_value`, tenant and resource aside. */
export interface ValueRow {
  readonly path: string;
  readonly value: string;
  readonly element: number;
  readonly element_type: string | null;
  readonly element_primary: string | null;
  readonly whole: string | null;
}

/**
 * Sorts the index values of a resource into columns and rows, of which no two are the same value of one element.
 *
 * @throws ScimError 400 invalidValue when a value is too long for its column
 */
export function splitIndexValues(values: readonly IndexValue[]): { columns: IndexColumns; rows: ValueRow[] } {
  const columns: IndexColumns = {
    user_name: null,
    display_name: null,
    external_id: null,
    family_name: null,
    active: null,
  };
  const rows: ValueRow[] = [];
  let ofElement: Set<string> | undefined;
  for (const { path, key, element, labels } of values) {
    const column = COLUMN_OF_PATH.get(path) as keyof IndexColumns | undefined;
    if (column === undefined) {
      if (OWN_COLUMNS.has(path)) continue;
      const cut = cutKey(key);
      // the values of one sub-attribute of one element follow each other
      const last = rows.at(-1);
      if (last?.path !== path || last.element !== element) ofElement = undefined;
      else {
        ofElement ??= new Set([last.value]);
        if (ofElement.has(cut.value)) continue;
        ofElement.add(cut.value);
      }
      rows.push({
        path,
        ...cut,
        element,
        element_type: labels.type === null ? null : cutKey(labels.type).value,
        element_primary: labels.primary,
      });
      continue;
    }
    if (key.length > MAX_COLUMN_KEY)
      throw invalidValue(`${path} is longer than ${MAX_COLUMN_KEY} characters.`);
    columns[column] = key;
  }
  return { columns, rows };
}

/** A key as the index holds it: at most 256 characters, and the whole of it when it was longer. */
export function cutKey(key: string): { value: string; whole: string | null } {
  return key.length <= MAX_VALUE_KEY
    ? { value: key, whole: null }
    : { value: startOf(key, MAX_VALUE_KEY), whole: key };
}

/** Whether no cut key can equal this one, so that `value` alone decides. */
export const isSurelyWhole = (key: string): boolean => key.length < MAX_VALUE_KEY - 1;

/** As much of a key as every cut key that begins with it is sure to hold. */
export const surePrefix = (key: string): string => startOf(key, MAX_VALUE_KEY - 1);

/** The beginning of a text that splits no surrogate pair. */
function startOf(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
