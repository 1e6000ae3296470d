import { describe, expect, it, test } from 'vitest';
import { brokenByMigration } from './migrations.ts';
import { brokenRules } from './statements.ts';
import { FENCES, MIGRATION_STATEMENTS, TABLES_WITHOUT_TENANT, TENANT_TABLES } from './tables.ts';

// Engines that spread tenants over servers (Citus, CockroachDB, YugabyteDB) ask these things of every statement and table.
// Statements are checked as the tests of storage and HTTP run them: see `temporaryEngine`.

const T = 'tenantaaaaaa';

describe('migrations', () => {
  it.each(MIGRATION_STATEMENTS)('%s', (sql) => {
    expect(brokenByMigration(sql)).toEqual([]);
  });

  it('make tables of tenants, and a few others', () => {
    expect([...TENANT_TABLES]).toEqual(expect.arrayContaining(['resource', 'member', 'user_store']));
    for (const name of TABLES_WITHOUT_TENANT.keys()) expect(TENANT_TABLES.has(name)).toBe(false);
  });

  it('fence every table of tenants by the tenant', () => {
    const fence =
      /^CREATE POLICY \w+ ON (\w+) USING \(tenant_id = current_setting\('roster.tenant', true\)\);/;
    expect(new Set(FENCES.map((text) => fence.exec(text)?.[1]))).toEqual(TENANT_TABLES);
  });
});

describe('statements that name their tenant', () => {
  it.each<[string, unknown[]]>([
    ['SELECT doc FROM resource WHERE tenant_id = ? AND id = ?', [T, 'a']],
    ['SELECT r.doc FROM resource r WHERE ? = r.tenant_id FOR NO KEY UPDATE', [T]],
    ['SELECT 1 FROM member m JOIN resource r ON r.tenant_id = m.tenant_id WHERE m.tenant_id = ?', [T]],
    ['SELECT 1 FROM member m LEFT JOIN resource r ON r.tenant_id = ? WHERE m.tenant_id = ?', [T, T]],
    ['SELECT 1 FROM credential c JOIN tenant t ON t.id = c.tenant_id WHERE c.tenant_id = ?', [T]],
    [
      'SELECT 1 FROM resource r WHERE tenant_id = ? AND EXISTS (SELECT 1 FROM member m WHERE m.tenant_id = ?)',
      [T, T],
    ],
    [
      `WITH RECURSIVE x (id) AS (SELECT group_id FROM member WHERE tenant_id = ? UNION SELECT n.group_id FROM x
        CROSS JOIN member n WHERE n.tenant_id = ? AND n.member_id = x.id) SELECT id FROM x`,
      [T, T],
    ],
    ['INSERT INTO member (tenant_id, group_id) VALUES (?, ?), (?, ?)', [T, 'a', T, 'b']],
    [
      'INSERT INTO resource_count (tenant_id, total) VALUES (?, 1) ON CONFLICT (tenant_id) DO UPDATE SET total = 2',
      [T],
    ],
    ['INSERT INTO member (group_id, tenant_id) SELECT id, tenant_id FROM resource WHERE tenant_id = ?', [T]],
    [
      'INSERT INTO member (tenant_id, group_id) SELECT ?, x.* FROM json_to_recordset(CAST(? AS json)) AS x (a text)',
      [T, '[]'],
    ],
    ['UPDATE resource SET doc = ? WHERE tenant_id = ?', ['{}', T]],
    [
      'DELETE FROM member WHERE tenant_id = ? AND member_id IN (SELECT id FROM resource WHERE tenant_id = ?)',
      [T, T],
    ],
    ['SAVEPOINT attempt', []],
    ['SELECT domain FROM tenant', []],
  ])('%s', (sql, params) => {
    expect(brokenRules(sql, params as string[], T)).toEqual([]);
  });
});

describe('statements that break a rule', () => {
  it.each<[string, RegExp]>([
    ['SELECT doc FROM resource WHERE id = ?', /resource without tenant_id/],
    ['SELECT doc FROM resource WHERE tenant_id = ? OR id = ?', /resource without tenant_id/],
    ['SELECT doc FROM resource WHERE NOT (tenant_id = ?)', /resource without tenant_id/],
    ['SELECT doc FROM resource WHERE tenant_id >= ?', /resource without tenant_id/],
    [`SELECT doc FROM resource WHERE tenant_id = 'x'`, /resource without tenant_id/],
    [
      'SELECT 1 FROM member m JOIN resource r ON r.id = m.member_id WHERE m.tenant_id = ?',
      /resource without/,
    ],
    ['SELECT 1 FROM member m, resource r WHERE tenant_id = ?', /member without tenant_id.*resource without/s],
    // the condition of a left join leaves every row of its left side
    ['SELECT 1 FROM member m LEFT JOIN resource r ON m.tenant_id = ? AND r.tenant_id = ?', /member without/],
    [
      'SELECT (SELECT count(*) FROM member m WHERE m.tenant_id = r.tenant_id) FROM resource r WHERE tenant_id = ?',
      /member without tenant_id/,
    ],
    ['SELECT 1 FROM (SELECT id FROM resource) r', /resource without tenant_id/],
    ['SELECT 1 FROM setting WHERE name IN (SELECT id FROM resource)', /resource without tenant_id/],
    ['SELECT 1 FROM setting LIMIT (SELECT count(*) FROM resource)', /resource without tenant_id/],
    [
      'SELECT id FROM resource WHERE tenant_id = ? UNION SELECT member_id FROM member',
      /member without tenant_id/,
    ],
    ['WITH x AS (SELECT id FROM resource) SELECT id FROM x', /resource without tenant_id/],
    ['UPDATE resource SET doc = ? WHERE id = ?', /resource without tenant_id/],
    [
      'UPDATE resource SET doc = (SELECT max(id) FROM member) WHERE tenant_id = ?',
      /member without tenant_id/,
    ],
    ['UPDATE resource SET tenant_id = ? WHERE tenant_id = ?', /another tenant/],
    ['DELETE FROM member', /member without tenant_id/],
    ['INSERT INTO member (group_id) VALUES (?)', /member without tenant_id/],
    ['INSERT INTO member VALUES (?, ?)', /member without tenant_id/],
    [`INSERT INTO member (tenant_id) VALUES (?), ('x')`, /neither given nor read/],
    ['INSERT INTO member (tenant_id) SELECT id FROM resource WHERE tenant_id = ?', /neither given nor read/],
    [
      'INSERT INTO member (tenant_id) SELECT * FROM json_to_recordset(CAST(? AS json)) AS x (a text)',
      /neither given nor read/,
    ],
    [
      'INSERT INTO member (tenant_id) VALUES (?) ON CONFLICT (tenant_id, lower(group_id)) DO NOTHING',
      /expression as the target/,
    ],
    [
      'INSERT INTO member (tenant_id) VALUES (?) ON CONFLICT (group_id) DO NOTHING',
      /conflict without tenant_id/,
    ],
    [
      'INSERT INTO member (tenant_id) VALUES (?) ON CONFLICT ON CONSTRAINT x DO NOTHING',
      /names a constraint/,
    ],
    ['SELECT id FROM resource WHERE id = ? FOR UPDATE', /resource without tenant_id/],
    ['SELECT id FROM tenant WHERE id = ? FOR KEY SHARE', /locks tenant/],
    ['SELECT 1 FROM pg_class', /pg_class, which is no table/],
    ['SELECT 1 FROM generate_series(1, 2)', /reads from RangeFunction/],
    ['SELECT 1 FROM member NATURAL JOIN resource', /joins by/],
    ['SELECT now()', /calls now/],
    ['UPDATE setting SET value = random()', /calls random/],
    ['SELECT gen_random_uuid()', /calls gen_random_uuid/],
    ['SELECT nextval(?)', /calls nextval/],
    ['SELECT pg_advisory_xact_lock(1)', /calls pg_advisory_xact_lock/],
    ['SELECT lower(name) FROM setting', /calls lower/],
    ['SELECT current_timestamp', /asks the database/],
    ['SELECT name FROM setting ORDER BY name COLLATE "de_DE"', /collation/],
    ['LOCK TABLE resource', /LockStmt/],
    ['LISTEN x', /ListenStmt/],
    ['NOTIFY x', /NotifyStmt/],
    ['CREATE TEMPORARY TABLE x (a text)', /CreateStmt/],
    ['TRUNCATE member', /TruncateStmt/],
    ['SET statement_timeout = 0', /VariableSetStmt/],
    ['WITH x AS (DELETE FROM member WHERE tenant_id = ? RETURNING 1) SELECT 1', /common table expression/],
  ])('%s', (sql, rule) => {
    const params = Array.from({ length: 9 }, () => T);
    expect(brokenRules(sql, params, T).join('\n')).toMatch(rule);
  });

  test('another tenant than the one that the statement is run for', () => {
    const sql =
      'SELECT 1 FROM member m WHERE m.tenant_id = ? AND EXISTS (SELECT 1 FROM resource WHERE tenant_id = ?)';
    expect(brokenRules(sql, [T, T], T)).toEqual([]);
    expect(brokenRules(sql, [T, 'other'], T).join()).toMatch(/names another tenant/);
    expect(brokenRules('INSERT INTO member (tenant_id) VALUES (?)', ['other'], T).join()).toMatch(
      /names another/,
    );
  });

  test('a table of tenants, on behalf of none', () => {
    expect(brokenRules('SELECT 1 FROM member WHERE tenant_id = ?', [T], undefined).join()).toMatch(
      /no tenant/,
    );
    expect(brokenRules('SELECT value FROM setting WHERE name = ?', ['a'], undefined)).toEqual([]);
  });

  test('no statement, or two', () => {
    expect(() => brokenRules('SELEC 1', [], T)).toThrow(/syntax/);
    expect(() => brokenRules('SELECT 1; SELECT 2', [], T)).toThrow(/Not one statement/);
  });
});

/** A table of tenants with something in it. */
const table = (columns: string): string =>
  `CREATE TABLE user_store (tenant_id text COLLATE "C" NOT NULL, ${columns})`;
const KEY = 'PRIMARY KEY (tenant_id, id)';

describe('migrations that break a rule', () => {
  it.each<[string, RegExp]>([
    ['CREATE TABLE thing (id text COLLATE "C" PRIMARY KEY)', /no tenant_id and no reason/],
    [table('id text'), /without a primary key/],
    ['CREATE TABLE user_store (tenant_id text COLLATE "C", PRIMARY KEY (tenant_id))', /without NOT NULL/],
    [
      'CREATE TABLE user_store (tenant_id text NOT NULL, PRIMARY KEY (tenant_id))',
      /collation of the database/,
    ],
    [table('id text, PRIMARY KEY (id, tenant_id)'), /key without leading tenant_id/],
    [table('id text COLLATE "C" PRIMARY KEY'), /key without leading tenant_id/],
    [table(`id text COLLATE "C" UNIQUE, ${KEY}`), /key without leading tenant_id/],
    [table(`id text, ${KEY}, UNIQUE (id)`), /key without leading tenant_id/],
    [table(`id text, ${KEY}, FOREIGN KEY (id) REFERENCES tenant (id)`), /foreign key without/],
    [table(`id text, ${KEY}, FOREIGN KEY (tenant_id) REFERENCES tenant (id)`), /foreign key without/],
    [table(`id text REFERENCES resource, ${KEY}`), /CONSTR_FOREIGN/],
    [
      table(
        `id text, ${KEY}, FOREIGN KEY (tenant_id, id) REFERENCES resource (tenant_id, id) ON DELETE SET NULL`,
      ),
      /empties columns/,
    ],
    [
      table(`id text, ${KEY}, FOREIGN KEY (tenant_id, id) REFERENCES resource (tenant_id, id) DEFERRABLE`),
      /deferrable/,
    ],
    [table(`id serial, ${KEY}`), /type serial/],
    [table(`id bigserial, ${KEY}`), /type bigserial/],
    [table(`id bigint GENERATED ALWAYS AS IDENTITY, ${KEY}`), /CONSTR_IDENTITY/],
    [table(`id text GENERATED ALWAYS AS (tenant_id) STORED, ${KEY}`), /CONSTR_GENERATED/],
    [table(`id citext, ${KEY}`), /type citext/],
    [table(`id jsonb, ${KEY}`), /type jsonb/],
    [table(`id text COLLATE "de-x-icu", ${KEY}`), /collation de-x-icu/],
    [table(`id text DEFAULT gen_random_uuid(), ${KEY}`), /computed/],
    [table(`id text CHECK (id <> ''), ${KEY}`), /CONSTR_CHECK/],
    [table(`id text, ${KEY}, EXCLUDE USING gist (id WITH =)`), /CONSTR_EXCLUSION/],
    [`${table(`id text, ${KEY}`)} INHERITS (resource)`, /inheritance/],
    [`${table(`id text, ${KEY}`)} PARTITION BY HASH (tenant_id)`, /partitions/],
    [table(`id text, ${KEY}`).replace('TABLE', 'TEMPORARY TABLE'), /temporary/],
    ['CREATE INDEX i ON resource (type, tenant_id)', /index without leading tenant_id/],
    ['CREATE UNIQUE INDEX i ON resource (display_name)', /index without leading tenant_id/],
    ['CREATE INDEX i ON resource (tenant_id, lower(display_name))', /index of an expression/],
    ['CREATE INDEX i ON resource (tenant_id, doc COLLATE "de-x-icu")', /another collation/],
    ['CREATE INDEX i ON resource USING gin (tenant_id)', /kind gin/],
    ['CREATE INDEX CONCURRENTLY i ON resource (tenant_id)', /no transaction/],
    ['ALTER TABLE resource ADD COLUMN a text NOT NULL', /no value for/],
    ['ALTER TABLE resource ADD COLUMN a text COLLATE "C" UNIQUE', /key without leading tenant_id/],
    ['ALTER TABLE resource ADD COLUMN a text DEFAULT now()', /computed/],
    ['ALTER TABLE resource DROP COLUMN doc', /AT_DropColumn/],
    ['ALTER TABLE resource ALTER COLUMN doc TYPE bytea', /AT_AlterColumnType/],
    ['CREATE SEQUENCE s', /CreateSeqStmt/],
    ['CREATE TRIGGER t BEFORE INSERT ON resource EXECUTE FUNCTION f()', /CreateTrigStmt/],
    ['CREATE RULE r AS ON INSERT TO resource DO NOTHING', /RuleStmt/],
    ['CREATE EXTENSION citext', /CreateExtensionStmt/],
    ['CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT $$', /CreateFunctionStmt/],
    ['CREATE VIEW v AS SELECT 1', /ViewStmt/],
    ['DROP TABLE member', /DropStmt/],
    ['LOCK TABLE member', /LockStmt/],
    [
      'INSERT INTO member (tenant_id) SELECT r.tenant_id FROM resource r, member m',
      /member without tenant_id/,
    ],
    ['INSERT INTO member (group_id) SELECT id FROM resource', /member without tenant_id/],
    [
      'DELETE FROM resource WHERE EXISTS (SELECT 1 FROM member m WHERE m.member_id = resource.id)',
      /member without tenant_id/,
    ],
    ['UPDATE resource SET created = now()', /calls now/],
  ])('%s', (sql, rule) => {
    expect(brokenByMigration(sql).join('\n')).toMatch(rule);
  });
});
