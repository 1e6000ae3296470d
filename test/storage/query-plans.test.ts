import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFilter } from '../../src/core/filter-binding.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import { readSort } from '../../src/core/sort.ts';
import { toleranceOf } from '../../src/core/tolerance.ts';
import type { Engine, SqlValue } from '../../src/storage/sql/engine.ts';
import { migrate } from '../../src/storage/sql/migrate.ts';
import { createSqlStorage } from '../../src/storage/sql/sql-storage.ts';
import { openSqlite } from '../../src/storage/sql/sqlite.ts';
import type { ListQuery, RelationQuery } from '../../src/storage/storage.ts';
import { watchedEngine } from '../support/watched-engine.ts';

const TENANT = 'tenantaaaaaa';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

let engine: Engine;
let directory: string;
const executed: { sql: string; params: readonly SqlValue[] }[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'roster-test-'));
  engine = openSqlite(join(directory, 'roster.db'));
  await migrate(engine, Date.now);
});

afterAll(async () => {
  await engine.close();
  await rm(directory, { recursive: true, force: true });
});

/** The engine, noting every query it is given. */
const recording = (): Engine => watchedEngine(engine, (sql, params) => executed.push({ sql, params }));

/** How SQLite would carry out the queries that a list with the filter comes to, one line per step. */
function plan(type: ResourceType, text: string | undefined, startIndex = 1): Promise<string[]> {
  const filter = text === undefined ? undefined : readFilter(type, text, toleranceOf('strict'));
  const part = { type, filter, sort: undefined, relation: undefined };
  return planOf({ parts: [part], page: { startIndex, count: 100 } });
}

async function planOf(query: ListQuery): Promise<string[]> {
  executed.length = 0;
  await createSqlStorage(recording()).listResources(TENANT, query);
  const lines: string[] = [];
  for (const { sql, params } of executed) {
    const steps = await engine.shared.reader.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params);
    lines.push(...steps.map(({ detail }) => detail));
  }
  expect(executed.length).toBeGreaterThan(0);
  return lines;
}

/** A step that walks a table, or the part of an index that belongs to a tenant and type as a whole. */
const isScan = (line: string): boolean =>
  /^SCAN (?!(p|d|e|o|s|w|x|reached)\b|SUBQUERY|CONSTANT|\()/.test(line) ||
  /\(tenant_id=\? AND type=\?\)$/.test(line);

describe('a filter is answered from an index', () => {
  test.each<[string, string, string]>([
    ['userName eq "a"', 'resource_user_name', 'user_name=?'],
    ['userName sw "a"', 'resource_user_name', 'user_name>? AND user_name<?'],
    ['externalId eq "a"', 'resource_external_id', 'external_id=?'],
    ['displayName eq "a"', 'resource_display_name', 'display_name=?'],
    ['name.familyName eq "a"', 'resource_family_name', 'family_name=?'],
    ['name.familyName sw "a" and active eq true', 'resource_family_name', 'family_name>? AND family_name<?'],
    ['active eq false', 'resource_active', 'active=?'],
    ['meta.lastModified gt "2026-01-01T00:00:00Z"', 'resource_last_modified', 'last_modified>?'],
    ['userName eq "a" and title eq "b"', 'resource_user_name', 'user_name=?'],
    ['emails.value eq "a"', 'PRIMARY KEY', 'path=? AND value=?'],
    ['emails[type eq "work" and value sw "a"]', 'PRIMARY KEY', 'path=? AND value>? AND value<?'],
    ['emails[type eq "work" and value eq "a"]', 'PRIMARY KEY', 'path=? AND value=?'],
    [`${ENTERPRISE}:department eq "a"`, 'PRIMARY KEY', 'path=? AND value=?'],
    [`${ENTERPRISE}:manager.value eq "a"`, 'PRIMARY KEY', 'path=? AND value=?'],
    ['title eq "a" and userType eq "b"', 'PRIMARY KEY', 'path=? AND value=?'],
    ['userName eq "a" or externalId eq "b"', 'resource_external_id', 'external_id=?'],
    ['title eq "a" or emails.value eq "b"', 'PRIMARY KEY', 'path=? AND value=?'],
    ['groups.value eq "a"', 'PRIMARY KEY', 'group_id=?'],
  ])('%s', async (filter, index, condition) => {
    const lines = await plan(USER_TYPE, filter);
    expect(lines.filter(isScan), lines.join('\n')).toEqual([]);
    expect(
      lines.some((line) => line.includes(index) && line.includes(condition)),
      lines.join('\n'),
    ).toBe(true);
  });

  test.each<[string, ...string[]]>([
    [
      'groups.value eq "a"',
      'SEARCH g USING .* AND id=',
      'SEARCH n USING COVERING INDEX member_nested_down .*group_id=',
    ],
    ['groups.display eq "a"', 'SEARCH g USING COVERING INDEX resource_display_name .*display_name='],
    ['groups[type eq "direct" and display sw "a"]', 'resource_display_name .*display_name>'],
    [
      'groups[type eq "indirect" and display sw "a"]',
      'SEARCH g USING COVERING INDEX resource_display_name .*display_name>',
      'SEARCH n USING COVERING INDEX member_nested_down .*group_id=',
      'SEARCH d USING PRIMARY KEY .*group_id=. AND member_id=',
    ],
    [
      'groups.type eq "indirect"',
      'n USING COVERING INDEX member_nested_',
      'SEARCH m USING PRIMARY KEY .*group_id=',
    ],
  ])('%s walks from the groups that it names, and meets no other user', async (filter, ...steps) => {
    const lines = await plan(USER_TYPE, filter);
    for (const step of steps) expect(lines.join('\n')).toMatch(new RegExp(step));
    // the memberships of the tenant as a whole, but for those of groups
    expect(lines.filter((line) => / (m|d) .*\(tenant_id=\?\)$/.test(line))).toEqual([]);
    expect(lines.filter(isScan), lines.join('\n')).toEqual([]);
  });

  test('the groups of a user are walked upwards only where one is nested, in an index of its own', async () => {
    await engine.of(TENANT).transaction(async (tx) => {
      for (const [type, id] of [
        ['User', 'a'],
        ['Group', 'g'],
      ])
        await tx.run(
          `INSERT INTO resource (tenant_id, type, id, version, created, last_modified, store, doc)
           VALUES (?, ?, ?, 1, '', '', 'primary', '{}')`,
          [TENANT, String(type), String(id)],
        );
      await tx.run("INSERT INTO member VALUES (?, 'g', 'a', 'User')", [TENANT]);
    });
    executed.length = 0;
    const groups: RelationQuery = { kind: 'memberOf', parts: ['value', 'type'], references: [] };
    await createSqlStorage(recording()).getResource(TENANT, 'User', 'a', groups);
    const [, { sql, params }] = executed as [unknown, (typeof executed)[number]];
    const steps = await engine.shared.reader.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params);
    const nested = steps.map(({ detail }) => detail).filter((line) => / n /.test(line));
    // a look whether there is anything to walk, the walk that counts, and the one that reads
    expect(nested).toHaveLength(3);
    for (const line of nested)
      expect(line).toBe('SEARCH n USING COVERING INDEX member_nested_up (tenant_id=? AND member_id=?)');
  });

  test('the permissions of a user are found by the groups it is in', async () => {
    executed.length = 0;
    await createSqlStorage(recording()).directory.permits(TENANT, 'a', 'login');
    const texts: string[] = [];
    for (const { sql, params } of executed) {
      const steps = await engine.shared.reader.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params);
      texts.push(steps.map(({ detail }) => detail).join('\n'));
    }
    const [directly = '', text = ''] = texts;
    expect(directly).toMatch(/SEARCH m USING COVERING INDEX member_by_member .*member_id=/);
    expect(directly).toMatch(/SEARCH p USING PRIMARY KEY .*permission=/);
    expect(text).toMatch(/SEARCH m USING COVERING INDEX member_by_member .*member_id=/);
    expect(text).toMatch(/SEARCH n USING COVERING INDEX member_nested_up .*member_id=/);
    expect(text).toMatch(/SEARCH p USING PRIMARY KEY .*group_id=/);
  });

  test('members.type eq "Group" of groups', async () => {
    const lines = await plan(GROUP_TYPE, 'members.type eq "Group"');
    expect(lines.filter(isScan)).toEqual([]);
    expect(lines.join('\n')).toMatch(/ m USING COVERING INDEX member_nested_/);
  });

  test('members.value eq "a" of groups', async () => {
    const lines = await plan(GROUP_TYPE, 'members.value eq "a"');
    expect(lines.filter(isScan)).toEqual([]);
    expect(lines.join('\n')).toContain('member_by_member (tenant_id=? AND member_id=?)');
  });

  test('a complement walks an index, never the documents', async () => {
    const lines = await plan(USER_TYPE, 'title ne "a"');
    expect(
      lines.filter((line) => /^(SCAN|SEARCH) r /.test(line)).every((line) => line.includes('INDEX')),
    ).toBe(true);
  });
});

test('a page far into the list counts its way along an index alone', async () => {
  const lines = await plan(USER_TYPE, undefined, 500_001);
  expect(
    lines.some((line) => /SEARCH r USING COVERING INDEX .*\(tenant_id=\? AND type=\?\)/.test(line)),
  ).toBe(true);
  expect(lines.some((line) => line.includes('TEMP B-TREE'))).toBe(false);
});

describe('a page by position is found in an index, however far into the list it is', () => {
  const position = { segment: 0, key: 'k', id: 'i' };
  const pageOf = (direction: 'after' | 'before') => ({ position, direction, count: 100, totalResults: 1 });
  const partOf = (type: ResourceType, sortBy: string | undefined) => ({
    type,
    filter: undefined,
    sort: readSort(type, sortBy, undefined),
    relation: undefined,
  });

  test.each([
    [undefined, 'id>?'],
    ['userName', 'user_name>?'],
    ['externalId', '(external_id,id)>(?,?)'],
    ['name.familyName', '(family_name,id)>(?,?)'],
    ['meta.lastModified', '(last_modified,id)>(?,?)'],
    ['nickName', '(value,resource_id)>(?,?)'],
    ['emails.value', '(value,resource_id)>(?,?)'],
  ] as const)('sorted by %s', async (sortBy, seek) => {
    for (const direction of ['after', 'before'] as const) {
      const lines = await planOf({ parts: [partOf(USER_TYPE, sortBy)], page: pageOf(direction) });
      const wanted = direction === 'after' ? seek : seek.replaceAll('>', '<');
      expect(lines.join('\n')).toContain(wanted);
      expect(lines.filter((line) => /TEMP B-TREE FOR ORDER BY/.test(line))).toEqual([]);
    }
  });

  test('sorted over several types, the streams are merged as they come from their indexes', async () => {
    const parts = [USER_TYPE, GROUP_TYPE].map((type) => partOf(type, 'displayName'));
    for (const direction of ['after', 'before'] as const) {
      const lines = await planOf({ parts, page: pageOf(direction) });
      expect(lines.some((line) => line.includes('MERGE (UNION ALL)'))).toBe(true);
      expect(lines.filter((line) => /TEMP B-TREE/.test(line))).toEqual([]);
    }
  });
});
