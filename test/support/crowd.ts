import type { Engine, SqlValue } from '../../src/storage/sql/engine.ts';

const ROWS_PER_INSERT = 400;

/** Members of the large group. */
const GROUPS = 50;

/** The id of the user or group with a number: in the order of the numbers. */
export const idOf = (kind: 'u' | 'g', number: number): string => `${kind}${String(number).padStart(7, '0')}`;

/**
 * Fills a tenant with users and groups for queries to find their way among: nearly all users share a name, a title and a
 * department, a few have one of their own. Half of them are in group 0, which is in group 1.
 */
export async function makeCrowd(engine: Engine, tenantId: string, users: number): Promise<void> {
  await engine.of(tenantId).transaction(async (tx) => {
    const insert = async (into: string, rows: readonly (readonly SqlValue[])[]): Promise<void> => {
      for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
        const some = rows.slice(from, from + ROWS_PER_INSERT);
        const marks = some.map((row) => `(${row.map(() => '?').join(', ')})`).join(', ');
        await tx.run(`INSERT INTO ${into} VALUES ${marks}`, some.flat());
      }
    };
    const numbers = Array.from({ length: users }, (_, number) => number);
    const groups = Array.from({ length: GROUPS }, (_, number) => number);
    const time = (number: number): string =>
      new Date(1_767_225_600_000 + number * 1000).toISOString().slice(0, -1);
    const isRare = (number: number): boolean => number % 1000 === 999;
    await insert(
      `resource (tenant_id, type, id, version, created, last_modified, store, user_name, display_name, external_id,
        family_name, active, doc)`,
      [
        ...groups.map((number) => [
          ...[tenantId, 'Group', idOf('g', number), 1, time(number), time(number), 'primary', null],
          ...[`group ${number}`, null, null, null, '{"displayName":"group"}'],
        ]),
        ...numbers.map((number) => [
          ...[tenantId, 'User', idOf('u', number), 1, time(number), time(number), 'primary', `user${number}`],
          ...[isRare(number) ? `rare ${number}` : 'common', `x${number}`, isRare(number) ? 'rare' : 'smith'],
          ...[
            number % 10 === 0 ? 'false' : 'true',
            `{"userName":"user${number}","name":"${'n'.repeat(300)}"}`,
          ],
        ]),
      ],
    );
    await insert(
      'attribute_value (tenant_id, type, path, value, resource_id, element, element_type, element_primary)',
      numbers.flatMap((number) => [
        [
          ...[tenantId, 'User', 'emails.value', `user${number}@a.example`],
          idOf('u', number),
          0,
          'work',
          'true',
        ],
        [
          ...[tenantId, 'User', 'emails.value', `user${number}@b.example`],
          idOf('u', number),
          1,
          'home',
          null,
        ],
        [
          ...[tenantId, 'User', 'title', isRare(number) ? 'chief' : 'engineer'],
          idOf('u', number),
          0,
          null,
          null,
        ],
        [...[tenantId, 'User', 'userType', number % 2 === 0 ? 'a' : 'b'], idOf('u', number), 0, null, null],
      ]),
    );
    await insert('member (tenant_id, group_id, member_id, member_type)', [
      ...numbers
        .filter((number) => number % 2 === 0)
        .map((number) => [tenantId, idOf('g', 0), idOf('u', number), 'User']),
      ...groups.slice(1).map((number) => [tenantId, idOf('g', number), idOf('u', number), 'User']),
      [tenantId, idOf('g', 1), idOf('g', 0), 'Group'],
    ]);
    await insert('resource_count (tenant_id, type, shard, total)', [
      [tenantId, 'User', 0, users],
      [tenantId, 'Group', 0, GROUPS],
    ]);
  });
}
