import type { Engine, Executor } from './engine.ts';

type Rule = readonly [problem: string, sql: string];

/** Rows of a table that say something of a resource which is not there. @param type the resource type, as SQL */
const withoutResource = (problem: string, table: string, column: string, type: string): Rule => [
  problem,
  `SELECT x.${column} AS id FROM ${table} x
    LEFT JOIN resource r ON r.tenant_id = x.tenant_id AND r.type = ${type} AND r.id = x.${column}
    WHERE x.tenant_id = ? AND r.id IS NULL`,
];

/** What no complete change leaves behind, on any database: each query gives the ids of a tenant's rows that are wrong. */
export const INTEGRITY_RULES: readonly Rule[] = [
  withoutResource('a value without its resource', 'attribute_value', 'resource_id', 'x.type'),
  withoutResource('a unique value without its resource', 'unique_value', 'resource_id', 'x.type'),
  withoutResource('a membership without its group', 'member', 'group_id', "'Group'"),
  withoutResource('a membership without its member', 'member', 'member_id', 'x.member_type'),
  withoutResource('a password without its user', 'user_password', 'user_id', "'User'"),
  withoutResource('a permission without its group', 'group_permission', 'group_id', "'Group'"),
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

/** The same for what belongs to no tenant. */
const SHARED_RULES: readonly Rule[] = [
  [
    'an operator without their tenant',
    `SELECT o.email_key AS id FROM operator o LEFT JOIN tenant t ON t.id = o.tenant
       WHERE o.tenant IS NOT NULL AND t.id IS NULL`,
  ],
  [
    'an API key without its operator',
    `SELECT k.id AS id FROM operator_key k LEFT JOIN operator o ON o.id = k.operator_id WHERE o.id IS NULL`,
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
    for (const [problem, sql] of SHARED_RULES) {
      const row = await shared.get<{ id: string }>(`${sql} LIMIT 1`, []);
      if (row !== undefined) problems.push(`the server has ${problem}: ${row.id}`);
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
