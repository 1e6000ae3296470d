import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFilter } from '../../src/core/filter-binding.ts';
import { searchFilter } from '../../src/core/plain-search.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { ResourceType } from '../../src/core/resource-type.ts';
import { readSort } from '../../src/core/sort.ts';
import { toleranceOf } from '../../src/core/tolerance.ts';
import { newResourceId } from '../../src/service/ids.ts';
import type { Actor, AuditFilter } from '../../src/storage/audit.ts';
import type { Engine } from '../../src/storage/sql/engine.ts';
import { createSqlStorage } from '../../src/storage/sql/sql-storage.ts';
import type { ListPart, ListQuery, RelationQuery, Storage } from '../../src/storage/storage.ts';
import { idOf, makeCrowd } from '../support/crowd.ts';
import { explain, lineOf, type Plan, type Statement } from '../support/query-plan.ts';
import { isOnPostgres, temporaryEngine } from '../support/server.ts';
import { watchedEngine } from '../support/watched-engine.ts';

// SQLite plans by the statement alone; PostgreSQL by what it knows of the rows, and by what it does not.

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const TENANT = 'tenantaaaaaa';
/** Has its rows since the statistics were made. */
const NEW_TENANT = 'tenantbbbbbb';
const TENANTS = isOnPostgres ? [TENANT, NEW_TENANT] : [TENANT];
const USERS = isOnPostgres ? 25_000 : 2000;
/** More rows than any of these queries should meet on PostgreSQL, and far fewer than a walk through a tenant meets. */
const FEW = 1500;

/** What the statements call the tables whose rows are many, but for those of groups. */
const TABLES = [
  ...['r', 'm', 'n', 'd', 'v', 'a', 'c', 'o', 's', 'resource', 'member', 'attribute_value', 't'],
];

let engine: Engine;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ unruled: engine, close } = await temporaryEngine());
  if (isOnPostgres)
    for (const table of ['resource', 'attribute_value', 'member'])
      await engine.shared.transaction((tx) =>
        tx.run(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`, []),
      );
  await makeCrowd(engine, TENANT, USERS);
  await makeAudit();
  if (!isOnPostgres) return;
  await engine.shared.reader.all('VACUUM ANALYZE', []);
  await makeCrowd(engine, NEW_TENANT, USERS);
}, 120_000);

afterAll(() => close());

/** As many records as users, most of them of what an identity provider has done. */
async function makeAudit(): Promise<void> {
  const actor: Actor = {
    ...{ kind: 'integration', id: 'entra', name: 'Entra', via: 'scim' },
    ...{ address: undefined, requestId: undefined },
  };
  const records = Array.from({ length: USERS }, (_, index) => ({
    ...{ id: newResourceId(Date.now()), action: 'user.update', detail: {}, result: 'success' as const },
    actor: index % 1000 === 0 ? { ...actor, via: 'console' as const } : actor,
    target: { type: 'User', id: idOf('u', index) },
  }));
  await createSqlStorage(engine).audit.append(TENANT, records);
}

/** The plans of what a piece of work runs. */
async function plansOf(tenantId: string, work: (storage: Storage) => Promise<unknown>): Promise<Plan[]> {
  const executed: Statement[] = [];
  const storage = createSqlStorage(watchedEngine(engine, (sql, params) => executed.push({ sql, params })));
  await work(storage);
  const plans: Plan[] = [];
  for (const statement of executed) plans.push(await explain(engine, tenantId, statement, TABLES));
  return plans;
}
const partOf = (type: ResourceType, filter?: string, sortBy?: string): ListPart => ({
  type,
  filter: filter === undefined ? undefined : readFilter(type, filter, toleranceOf('strict')),
  sort: readSort(type, sortBy, undefined),
  relation: undefined,
});

const listPlans = (tenantId: string, part: ListPart, page: ListQuery['page']): Promise<Plan[]> =>
  plansOf(tenantId, (storage) => storage.listResources(tenantId, { parts: [part], page }));

const linesOf = (plans: readonly Plan[]): string[] => plans.flatMap(({ steps }) => steps.map(lineOf));

/** Expects that no step reads a table as a whole, or all that a tenant has of a type. */
function expectNoWalk(plans: readonly Plan[]): void {
  const lines = linesOf(plans);
  expect(lines.length).toBeGreaterThan(0);
  const isWalk = /SCAN|^(?:r|resource|v|a|c|o|s) .*\(tenant_id= type=\)$|^(?:m|d|member) .*\(tenant_id=\)$/;
  expect(
    lines.filter((line) => isWalk.test(line)),
    lines.join('\n'),
  ).toEqual([]);
  for (const { met = 0 } of plans) expect(met, lines.join('\n')).toBeLessThan(FEW);
}

const FIRST_PAGE = { startIndex: 1, count: 100 };

describe.each(TENANTS)('in tenant %s', (tenantId) => {
  test.each<[string, string, string]>([
    ['userName eq "user7"', 'resource_user_name', 'user_name='],
    ['userName sw "user199"', 'resource_user_name', 'user_name> user_name<'],
    ['externalId eq "x7"', 'resource_external_id', 'external_id='],
    ['displayName eq "rare 999"', 'resource_display_name', 'display_name='],
    ['name.familyName eq "rare"', 'resource_family_name', 'family_name='],
    ['name.familyName sw "ra" and active eq true', 'resource_family_name', 'family_name> family_name<'],
    ['meta.lastModified lt "2026-01-01T00:05:00Z"', 'resource_last_modified', 'last_modified<'],
    ['userName eq "user7" and title eq "engineer"', 'resource_user_name', 'user_name='],
    ['emails.value eq "user7@a.example"', 'KEY', 'path= value='],
    ['emails[type eq "work" and value sw "user199"]', 'KEY', 'path= value> value<'],
    ['emails[type eq "work" and value eq "user7@a.example"]', 'KEY', 'path= value='],
    [`${ENTERPRISE}:department eq "a"`, 'KEY', 'path= value='],
    [`${ENTERPRISE}:manager.value eq "a"`, 'KEY', 'path= value='],
    ['title eq "chief"', 'KEY', 'path= value='],
    ['title eq "chief" and timezone eq "b"', 'KEY', 'path= value='],
    ['userName eq "user7" or externalId eq "x8"', 'resource_external_id', 'external_id='],
    ['title eq "chief" or emails.value eq "user7@a.example"', 'KEY', 'path= value='],
    [`groups.value eq "${idOf('g', 3)}"`, 'KEY', 'group_id='],
  ])('%s is answered from an index', async (filter, index, entry) => {
    const plans = await listPlans(tenantId, partOf(USER_TYPE, filter), FIRST_PAGE);
    expectNoWalk(plans);
    const lines = linesOf(plans);
    const wanted = lines.filter((line) => line.split(' ')[1] === index && line.includes(entry));
    expect(wanted, lines.join('\n')).not.toEqual([]);
    for (const line of wanted) expect(line).toContain('(tenant_id=');
  });

  test.each(['user199', 'rare', 'user199 rare', 'user7@a'])(
    'a search for %s is answered from indexes',
    async (search) => {
      const filter = searchFilter(USER_TYPE, search, []);
      const plans = await listPlans(tenantId, { ...partOf(USER_TYPE), filter }, FIRST_PAGE);
      expectNoWalk(plans);
    },
  );

  test.each([
    'groups.display eq "group 3"',
    'groups[type eq "direct" and display sw "group 3"]',
    'groups[type eq "indirect" and display sw "group 3"]',
    'members.type eq "Group"',
    `members.value eq "${idOf('u', 7)}"`,
  ])('%s walks from the groups that it names, and meets no other member', async (filter) => {
    const type = filter.startsWith('groups') ? USER_TYPE : GROUP_TYPE;
    const plans = await listPlans(tenantId, partOf(type, filter), FIRST_PAGE);
    for (const { met = 0 } of plans) expect(met).toBeLessThan(FEW);
    const lines = linesOf(plans);
    expect(lines.filter((line) => /^(?:m|d) (?!member_nested).*\(tenant_id=\)$/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes('SCAN'))).toEqual([]);
  });

  test.each(['active eq false', 'title ne "engineer"', 'userName co "999"', 'emails.value co "user199"'])(
    '%s walks no further than an index',
    async (filter) => {
      const plans = await listPlans(tenantId, partOf(USER_TYPE, filter), FIRST_PAGE);
      expect(linesOf(plans).filter((line) => line.includes('SCAN'))).toEqual([]);
      // each row of the tenant at most a few times: no row is held against all others
      for (const { met = 0 } of plans) expect(met).toBeLessThan(4 * USERS);
    },
  );

  test('a resource is read by its key, and so are the groups that a user is in', async () => {
    const relation: RelationQuery = { kind: 'memberOf', parts: ['value', 'type'], references: [] };
    const plans = await plansOf(tenantId, (storage) =>
      storage.getResource(tenantId, 'User', idOf('u', 4), relation),
    );
    expectNoWalk(plans);
    const [first, ...nested] = plans.map((plan) => linesOf([plan]));
    expect(first).toEqual([
      'r KEY (tenant_id= type= id=)',
      'm member_by_member only (tenant_id= member_id=)',
    ]);
    // nested groups are walked upwards, in an index of their own
    const steps = nested.flat().filter((line) => line.startsWith('n '));
    expect(steps).not.toEqual([]);
    for (const line of steps) expect(line).toMatch(/^n member_nested_up only \(tenant_id=/);
  });

  test('the permissions of a user are found by the groups it is in', async () => {
    const plans = await plansOf(tenantId, ({ directory }) =>
      directory.permits(tenantId, idOf('u', 5), 'login'),
    );
    expectNoWalk(plans);
    for (const plan of plans)
      expect(linesOf([plan])[0]).toBe('m member_by_member only (tenant_id= member_id=)');
  });

  test('a page far into the list counts its way along an index alone', async () => {
    const startIndex = USERS / 2 + 1;
    const plans = await listPlans(tenantId, partOf(USER_TYPE), { startIndex, count: 100 });
    expect(linesOf(plans).slice(0, 2)).toEqual([
      'r KEY only (tenant_id= type=)',
      'r KEY (tenant_id= type= id=)',
    ]);
    for (const { met = 0, sorted } of plans) {
      expect(met).toBeLessThan(startIndex + FEW);
      expect(sorted).toBe(0);
    }
  });

  test.each([
    [undefined, 'id>', idOf('u', 1200)],
    ['userName', 'user_name>', 'user5'],
    ['externalId', '(external_id,id)>', 'x5'],
    ['name.familyName', '(family_name,id)>', 'smith'],
    ['meta.lastModified', '(last_modified,id)>', '2026-01-01T00:20:00.000'],
    ['title', '(value,resource_id)>', 'engineer'],
    ['emails.value', '(value,resource_id)>', 'user5'],
  ])('a page by position is found in an index: sorted by %s', async (sortBy, entry, key) => {
    const position = { segment: 0, key, id: idOf('u', 1200) };
    for (const direction of ['after', 'before'] as const) {
      const page = { position, direction, count: 100, totalResults: 1 };
      // sorted by a value that nearly all have, the others are looked for behind it
      const [plan] = await listPlans(tenantId, partOf(USER_TYPE, undefined, sortBy), page);
      const lines = linesOf([plan as Plan]);
      expect(lines.join('\n')).toContain(direction === 'after' ? entry : entry.replace('>', '<'));
      expectNoWalk([plan as Plan]);
      expect(plan?.sorted).toBeLessThan(FEW);
    }
  });

  test('one member more or less touches its own row, and its group is found by its key', async () => {
    const group = idOf('g', 0);
    const member = idOf('u', 5);
    const plans = await plansOf(tenantId, (storage) =>
      storage.transaction(tenantId, async (tx) => {
        await tx.getResource(tenantId, 'Group', group, undefined);
        await tx.identitiesOf(tenantId, ['User', 'Group'], [member]);
        await tx.addMembers(tenantId, group, [{ value: member, type: 'User' }]);
        await tx.removeMembers(tenantId, group, [member]);
        await tx.touchResource(tenantId, 'Group', group, '2026-01-02T00:00:00.000');
      }),
    );
    expectNoWalk(plans);
    const lines = linesOf(plans);
    expect(
      lines.filter((line) => /^member .*group_id=/.test(line) && line.includes('member_id=')),
    ).toHaveLength(1);
    for (const line of lines.filter((each) => /^(?:r|resource) /.test(each))) expect(line).toContain(' id=)');
  });
});

test.each<[what: string, filter: AuditFilter, index: string]>([
  ['the newest', {}, 'KEY'],
  ['of a time', { since: Date.parse('2026-01-01'), until: Date.parse('2026-01-02') }, 'KEY'],
  ['about one thing', { targetId: idOf('u', 7) }, 'audit_record_target'],
  ['by people', { via: 'console' }, 'audit_record_by_people'],
])('records of the audit are found by an index: %s', async (_what, filter, index) => {
  const plans = await plansOf(TENANT, (storage) => storage.audit.list(TENANT, filter, undefined, 50));
  const lines = linesOf(plans);
  expect(lines.join('\n')).toContain(`t ${index} `);
  expect(lines.join('\n')).not.toContain('SCAN');
  for (const { met = 0, sorted } of plans) {
    expect(met).toBeLessThan(FEW);
    expect(sorted).toBe(0);
  }
});

test('streams of several types are merged as they come from their indexes', async () => {
  const parts = [USER_TYPE, GROUP_TYPE].map((type) => partOf(type, undefined, 'displayName'));
  const position = { segment: 0, key: 'common', id: idOf('u', 1200) };
  for (const direction of ['after', 'before'] as const) {
    const page = { position, direction, count: 100, totalResults: 1 };
    const [plan] = await plansOf(TENANT, (storage) => storage.listResources(TENANT, { parts, page }));
    const sign = direction === 'after' ? '>' : '<';
    for (const line of linesOf([plan as Plan])) {
      expect(line).toMatch(/^r resource_display_name only \(tenant_id= type= /);
      expect(line).toContain(`(display_name,id)${sign}`);
    }
    // PostgreSQL may walk such a stream to its end, but puts no more of it in order than a page
    expect(plan?.sorted).toBeLessThan(FEW);
  }
});
