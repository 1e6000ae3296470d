import { addHidden } from '../../src/core/hidden.ts';
import { indexValues } from '../../src/core/index-values.ts';
import { BUILT_IN } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import { readDoc } from '../../src/core/stored.ts';
import { splitIndexValues } from '../../src/storage/sql/index-columns.ts';
import { INTEGRITY_RULES } from '../../src/storage/sql/integrity.ts';
import { readSource, type StoreReader } from './store-reader.ts';

/** What the store holds of a resource. */
interface StoredRow {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly lastModified: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what is stored
  readonly doc: any;
}

/** The store of a super tenant as it is in the database. */
export interface StoreContents {
  readonly byId: ReadonlyMap<string, StoredRow>;
  readonly byName: ReadonlyMap<string, StoredRow>;
  /** Group and member, each written `group member`. */
  readonly members: ReadonlySet<string>;
  /** What does not fit together, one line each. */
  readonly problems: readonly string[];
}

/** What the constraints of the tables keep from happening. */
const TWO_OF_ONE_NAME: (typeof INTEGRITY_RULES)[number] = [
  'two users of one name',
  `SELECT min(id) AS id FROM resource WHERE tenant_id = ? AND type = 'User' GROUP BY user_name HAVING count(*) > 1`,
];

/**
 * Reads the whole store past the server, and checks that everything in it fits together.
 *
 * @param source a file of SQLite, or the URL of a PostgreSQL database
 */
export const readStore = (source: string): Promise<StoreContents> => readSource(source, contentsOf);

async function contentsOf(reader: StoreReader): Promise<StoreContents> {
  const problems = await reader.ownProblems();
  for (const tenant of await reader.all<{ id: string }>('SELECT id FROM tenant'))
    for (const [problem, sql] of [...INTEGRITY_RULES, TWO_OF_ONE_NAME])
      for (const { id } of await reader.all<{ id: string }>(sql.replaceAll('?', `'${tenant.id}'`)))
        problems.push(`${problem}: ${id}`);

  const values = await valueRows(reader);
  const byId = new Map<string, StoredRow>();
  const byName = new Map<string, StoredRow>();
  for (const row of await reader.all<ResourceRow>('SELECT * FROM resource')) {
    const found = (values.get(`${row.type} ${row.id}`) ?? []).sort();
    if (JSON.stringify(found) !== JSON.stringify(expectedRows(row)))
      problems.push(`${row.type} ${row.id}: its index rows are not those of its document`);
    const doc = JSON.parse(row.doc);
    const stored = {
      ...{ type: row.type, id: row.id, version: row.version, lastModified: row.last_modified, doc },
    };
    byId.set(row.id, stored);
    byName.set(`${row.type} ${doc.userName ?? doc.displayName}`, stored);
  }
  const edges = await reader.all<{ edge: string }>("SELECT group_id || ' ' || member_id AS edge FROM member");
  return { byId, byName, members: new Set(edges.map(({ edge }) => edge)), problems };
}

interface ResourceRow {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly last_modified: string;
  readonly doc: string;
  readonly hidden: string | null;
  readonly user_name: string | null;
  readonly display_name: string | null;
  readonly external_id: string | null;
  readonly family_name: string | null;
  readonly active: string | null;
}

interface ValueRow {
  readonly type: string;
  readonly id: string;
  readonly path: string;
  readonly value: string;
  readonly element: number;
}

const valueText = ({ path, value, element }: Pick<ValueRow, 'path' | 'value' | 'element'>): string =>
  JSON.stringify([path, value, element]);

async function valueRows(reader: StoreReader): Promise<Map<string, string[]>> {
  const rows = new Map<string, string[]>();
  const all = 'SELECT type, resource_id AS id, path, value, element FROM attribute_value';
  for (const row of await reader.all<ValueRow>(all)) {
    const name = `${row.type} ${row.id}`;
    const known = rows.get(name);
    if (known === undefined) rows.set(name, [valueText(row)]);
    else known.push(valueText(row));
  }
  return rows;
}

/** The rows that a resource is found by, as its document says; a column that says otherwise is in none of them. */
function expectedRows(row: ResourceRow): string[] {
  const type = BUILT_IN.typeByName.get(row.type) as ResourceType;
  const resource = readDoc(row.doc);
  addHidden(type, resource, row.hidden ?? undefined);
  const { columns, rows } = splitIndexValues(indexValues(type, resource));
  const wrong = Object.entries(columns).filter(([name, value]) => row[name as keyof ResourceRow] !== value);
  return [...new Set(rows.map(valueText)), ...wrong.map(([name]) => `column ${name}`)].sort();
}
