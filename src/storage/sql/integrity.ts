import type { Engine, Executor } from './engine.ts';

const RESOURCE_BESIDE = (type: string, id: string): string =>
  `LEFT JOIN resource r ON r.tenant_id = x.tenant_id AND r.type = ${type} AND r.id = ${id}
    WHERE x.tenant_id = ? AND r.id IS NULL`;

/** What no complete change leaves behind, on any database: each query gives the ids of a tenant's rows that are wrong. */
export const INTEGRITY_RULES: readonly (readonly [problem: string, sql: string])[] = [
  [
    'a value without its resource',
    `SELECT x.resource_id AS id FROM attribute_value x ${RESOURCE_BESIDE('x.type', 'x.resource_id')}`,
  ],
  [
    'a unique value without its resource',
    `SELECT x.resource_id AS id FROM unique_value x ${RESOURCE_BESIDE('x.type', 'x.resource_id')}`,
  ],
  [
    'a membership without its group',
    `SELECT x.group_id AS id FROM member x ${RESOURCE_BESIDE("'Group'", 'x.group_id')}`,
  ],
  [
    'a membership without its member',
    `SELECT x.member_id AS id FROM member x ${RESOURCE_BESIDE('x.member_type', 'x.member_id')}`,
  ],
  [
    'a password without its user',
    `SELECT x.user_id AS id FROM user_password x ${RESOURCE_BESIDE("'User'", 'x.user_id')}`,
  ],
  [
    'a permission without its group',
    `SELECT x.group_id AS id FROM group_permission x ${RESOURCE_BESIDE("'Group'", 'x.group_id')}`,
  ],
  [
    'a credential without its integration',
    `SELECT x.id AS id FROM credential x
       LEFT JOIN integration i ON i.tenant_id = x.tenant_id AND i.id = x.integration_id
       WHERE x.tenant_id = ? AND i.id IS NULL`,
  ],
  [
    'a user without the key of its name',
    `SELECT id FROM resource WHERE tenant_id = ? AND type = 'User' AND user_name IS NULL`,
  ],
  [
    'a total that is not the number of resources',
    `SELECT type AS id FROM (
       SELECT type, total AS n FROM resource_count WHERE tenant_id = ?
       UNION ALL SELECT type, -count(*) AS n FROM resource WHERE tenant_id = ? GROUP BY type) AS parts
     GROUP BY type HAVING sum(n) <> 0`,
  ],
];

/** What a database holds, and what of it does not fit together. */
export interface Contents {
  readonly tenants: number;
  readonly resources: number;
  readonly members: number;
  /** One line each, the first of each kind and tenant. */
  readonly problems: readonly string[];
}

/** Looks through all rows of one state of the database, whose tables are up to date. */
export function readContents(engine: Pick<Engine, 'snapshot'>): Promise<Contents> {
  return engine.snapshot(async ({ of, shared }) => {
    const tenants = await shared.all<{ id: string; domain: string }>(
      'SELECT id, domain FROM tenant ORDER BY domain',
      [],
    );
    const [problems, totals]: [string[], { resources: number; members: number }] = [
      [],
      { resources: 0, members: 0 },
    ];
    for (const { id, domain } of tenants) {
      const tx = of(id);
      totals.resources += await countOf(tx, 'resource', id);
      totals.members += await countOf(tx, 'member', id);
      for (const [problem, sql] of INTEGRITY_RULES) {
        const params = sql.split('?').slice(1);
        const row = await tx.get<{ id: string }>(
          `${sql} LIMIT 1`,
          params.map(() => id),
        );
        if (row !== undefined) problems.push(`${domain} has ${problem}: ${row.id}`);
      }
    }
    return { tenants: tenants.length, ...totals, problems };
  });
}

async function countOf(tx: Executor, table: 'resource' | 'member', tenantId: string): Promise<number> {
  const row = await tx.get<{ total: number }>(`SELECT count(*) AS total FROM ${table} WHERE tenant_id = ?`, [
    tenantId,
  ]);
  return Number(row?.total ?? 0);
}
