import { addHidden } from '../../src/core/hidden.ts';
import { indexValues } from '../../src/core/index-values.ts';
import { BUILT_IN } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import { readDoc } from '../../src/core/stored.ts';
import { splitIndexValues } from '../../src/storage/sql/index-columns.ts';
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

/** What no complete operation leaves behind; every query gives the rows that are wrong. */
const NEVER: readonly (readonly [problem: string, sql: string])[] = [
  [
    'a value without its resource',
    `SELECT v.resource_id AS id FROM attribute_value v LEFT JOIN resource r
       ON r.tenant_id = v.tenant_id AND r.type = v.type AND r.id = v.resource_id WHERE r.id IS NULL`,
  ],
  [
    'a unique value without its resource',
    `SELECT v.resource_id AS id FROM unique_value v LEFT JOIN resource r
       ON r.tenant_id = v.tenant_id AND r.type = v.type AND r.id = v.resource_id WHERE r.id IS NULL`,
  ],
  [
    'a membership without its group',
    `SELECT m.group_id AS id FROM member m LEFT JOIN resource r
       ON r.tenant_id = m.tenant_id AND r.type = 'Group' AND r.id = m.group_id WHERE r.id IS NULL`,
  ],
  [
    'a membership without its member',
    `SELECT m.member_id AS id FROM member m LEFT JOIN resource r
       ON r.tenant_id = m.tenant_id AND r.type = m.member_type AND r.id = m.member_id WHERE r.id IS NULL`,
  ],
  [
    'a password without its user',
    `SELECT p.user_id AS id FROM user_password p LEFT JOIN resource r
       ON r.tenant_id = p.tenant_id AND r.type = 'User' AND r.id = p.user_id WHERE r.id IS NULL`,
  ],
  [
    'a permission without its group',
    `SELECT p.group_id AS id FROM group_permission p LEFT JOIN resource r
       ON r.tenant_id = p.tenant_id AND r.type = 'Group' AND r.id = p.group_id WHERE r.id IS NULL`,
  ],
  [
    'a credential without its integration',
    `SELECT c.id AS id FROM credential c LEFT JOIN integration i
       ON i.tenant_id = c.tenant_id AND i.id = c.integration_id WHERE i.id IS NULL`,
  ],
  [
    'a counter that is not the count',
    `SELECT type AS id FROM (
       SELECT tenant_id, type, sum(n) AS n FROM (
         SELECT tenant_id, type, total AS n FROM resource_count
         UNION ALL SELECT tenant_id, type, -count(*) FROM resource GROUP BY tenant_id, type) AS parts
       GROUP BY tenant_id, type) AS sums WHERE n <> 0`,
  ],
  [
    'two users of one name',
    `SELECT min(id) AS id FROM resource WHERE type = 'User' GROUP BY tenant_id, user_name HAVING count(*) > 1`,
  ],
];

/**
 * Reads the whole store past the server, and checks that everything in it fits together.
 *
 * @param source a file of SQLite, or the URL of a PostgreSQL database
 */
export const readStore = (source: string): Promise<StoreContents> => readSource(source, contentsOf);

async function contentsOf(reader: StoreReader): Promise<StoreContents> {
  const problems = await reader.ownProblems();
  for (const [problem, sql] of NEVER)
    for (const { id } of await reader.all<{ id: string }>(sql)) problems.push(`${problem}: ${id}`);

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
