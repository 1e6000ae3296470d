import type { Executor, RowTable, SqlDialect, SqlValue } from './engine.ts';

/** Writes a row of a tenant for each item, as many with one statement as the database takes best. */
export async function insertRows<Item>(
  { rowsPerInsert, insertOf }: Pick<SqlDialect, 'rowsPerInsert' | 'insertOf'>,
  tx: Executor,
  table: RowTable,
  tenantId: string,
  items: readonly Item[],
  rowOf: (item: Item) => readonly SqlValue[],
): Promise<void> {
  const atOnce = rowsPerInsert(table);
  for (let start = 0; start < items.length; start += atOnce) {
    const rows = items.slice(start, start + atOnce).map(rowOf);
    const { text, values } = insertOf(table, tenantId, rows);
    await tx.run(text, values);
  }
}

/** The beginning of an INSERT: all columns that are given, tenant_id first. */
export const insertInto = ({ name, columns }: RowTable): string =>
  `INSERT INTO ${name} (tenant_id, ${columns.map(([column]) => column).join(', ')})`;

/** Texts by table and number of rows: a text that is the same object is found among the prepared ones in no time. */
const texts = new Map<RowTable, string[]>();

/**
 * An INSERT with a placeholder for each value.
 *
 * @param ending what it ends with, always the same for one table
 */
export function insertOfValues(
  table: RowTable,
  tenantId: string,
  rows: readonly (readonly SqlValue[])[],
  ending = '',
): { text: string; values: SqlValue[] } {
  const values: SqlValue[] = [];
  for (const row of rows) values.push(tenantId, ...row);
  let ofTable = texts.get(table);
  if (ofTable === undefined) {
    ofTable = [];
    texts.set(table, ofTable);
  }
  ofTable[rows.length] ??= valuesText(table, rows.length) + ending;
  return { text: ofTable[rows.length] as string, values };
}

function valuesText(table: RowTable, count: number): string {
  const row = `(?${', ?'.repeat(table.columns.length)})`;
  return `${insertInto(table)} VALUES ${Array.from({ length: count }, () => row).join(', ')}`;
}
