/** The rows that one user takes in Roster's tables: a resource row with hot columns, and one for every other filterable value. */
import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import { MIGRATIONS, type TypeWords } from '../../src/storage/sql/migrations/migrations.ts';

const typeWords: TypeWords = { BYTES: 'BLOB', KEYED: ' WITHOUT ROWID', TEXT_KEY: 'TEXT' };
const tenant = 'bench0bench0';
const hotPaths = new Set(['schemas', 'username', 'displayname', 'externalid', 'name.familyname', 'active']);

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type Leaf = (path: string, key: string, element: number) => void;

function visit(value: Json, path: string, element: number, leaf: Leaf): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visit(item, path, index, leaf);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      const inner = name.startsWith('urn:')
        ? 'enterprise:'
        : path === '' || path.endsWith(':')
          ? path
          : `${path}.`;
      visit(item, name.startsWith('urn:') ? inner : inner + name, element, leaf);
    }
  } else if (!hotPaths.has(path.toLowerCase())) {
    leaf(path, String(value).toLowerCase(), element);
  }
}

/** Creates Roster's tables and indexes in an empty database. */
export function createTables(database: Database.Database): void {
  for (const { statements } of MIGRATIONS) {
    for (const statement of statements) {
      database.exec(statement.replace(/\{(\w+)\}/g, (_, word: keyof TypeWords) => typeWords[word]));
    }
  }
}

/** Returns a function that inserts one user, given its JSON text, and returns what is served. */
export function prepareUserRows(
  database: Database.Database,
): (text: string) => { id: string; answer: string } {
  const insertResource = database.prepare(
    `INSERT INTO resource (tenant_id, type, id, version, created, last_modified, store,
       user_name, display_name, external_id, family_name, active, doc)
     VALUES (?, 'User', ?, 1, ?, ?, 'primary', ?, ?, ?, ?, ?, ?)`,
  );
  const insertValue = database.prepare(
    `INSERT INTO attribute_value (tenant_id, type, path, value, resource_id, element) VALUES (?, 'User', ?, ?, ?, ?)`,
  );
  const count = database.prepare(
    `INSERT INTO resource_count (tenant_id, type, shard, total) VALUES (?, 'User', 0, 1)
     ON CONFLICT DO UPDATE SET total = total + 1`,
  );
  return (text) => {
    const { schemas, ...user } = JSON.parse(text);
    const id = randomUUID();
    const time = new Date().toISOString();
    const doc = JSON.stringify({ schemas, id, ...user });
    insertResource.run(
      tenant,
      id,
      time,
      time,
      user.userName.toLowerCase(),
      user.displayName.toLowerCase(),
      user.externalId,
      user.name.familyName.toLowerCase(),
      String(user.active),
      doc,
    );
    visit(user, '', 0, (path, key, element) => insertValue.run(tenant, path, key, id, element));
    count.run(tenant);
    const location = `http://127.0.0.1:8080/scim/v2/Users/${id}`;
    const meta = JSON.stringify({
      resourceType: 'User',
      created: time,
      lastModified: time,
      location,
      version: 'W/"1"',
    });
    return { id, answer: `${doc.slice(0, -1)},"meta":${meta}}` };
  };
}
