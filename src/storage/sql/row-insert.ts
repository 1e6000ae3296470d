import type { Column, Executor, SqlDialect, SqlValue } from './engine.ts';

/** A table of tenants, and the columns in which rows of it are given, but for tenant_id. */
export interface RowTable {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** Writes a row of a tenant for each item, as many with one statement as the database takes best. */
export async function insertRows<Item>(
  { rowsPerInsert, rowSource }: Pick<SqlDialect, 'rowsPerInsert' | 'rowSource'>,
  tx: Executor,
  { name, columns }: RowTable,
  tenantId: string,
  items: readonly Item[],
  rowOf: (item: Item) => readonly SqlValue[],
): Promise<void> {
  const names = columns.map(([column]) => column).join(', ');
  for (let start = 0; start < items.length; start += rowsPerInsert) {
    const { text, values } = rowSource(
      tenantId,
      columns,
      items.slice(start, start + rowsPerInsert).map(rowOf),
    );
    await tx.run(`INSERT INTO ${name} (tenant_id, ${names}) ${text}`, values);
  }
}

const texts = new Map<string, string>();

/** Rows with a placeholder for each of their values. */
export function valueRows(
  tenantId: string,
  { length }: readonly Column[],
  rows: readonly (readonly SqlValue[])[],
): { text: string; values: SqlValue[] } {
  const name = `${length} ${rows.length}`;
  let text = texts.get(name);
  if (text === undefined) {
    const row = `(?${', ?'.repeat(length)})`;
    text = `VALUES ${rows.map(() => row).join(', ')}`;
    texts.set(name, text);
  }
  return { text, values: rows.flatMap((row) => [tenantId, ...row]) };
}
