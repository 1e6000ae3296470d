import type { Engine, SqlValue } from '../../src/storage/sql/engine.ts';

export interface Statement {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** How a database carries out a statement. */
export interface Plan {
  readonly steps: readonly Step[];
  /** Rows that are put in order, at most; an order that comes from an index costs nothing. */
  readonly sorted: number;
  /** Rows that were met on the way, used or not; undefined where the database does not tell. */
  readonly met: number | undefined;
}

/** A step of a plan that reads a table. */
export interface Step {
  /** What the statement calls the table. */
  readonly alias: string;
  /** `KEY` is the primary key; undefined: all rows of the table are read. */
  readonly index: string | undefined;
  /** Whether the rows themselves are left alone. */
  readonly isCovered: boolean;
  /** The columns by which the index is entered, with `=`, `<` or `>`: `tenant_id= user_name>`. */
  readonly entry: string;
}

/** A step in one line, as tests write it: `m member_by_member only (tenant_id= member_id=)`. */
export const lineOf = ({ alias, index, isCovered, entry }: Step): string =>
  `${alias} ${index ?? 'SCAN'}${isCovered ? ' only' : ''} (${entry})`;

/**
 * Asks a database how it carries out a statement; on PostgreSQL a query is run for that, a write is not.
 *
 * @param tables what the statements call the tables that matter; other steps are left out
 */
export function explain(
  engine: Engine,
  tenantId: string,
  statement: Statement,
  tables: readonly string[],
): Promise<Plan> {
  const plan = engine.dialect.name === 'sqlite' ? sqlitePlan : postgresPlan;
  return plan(engine, tenantId, statement).then(({ steps, ...rest }) => ({
    ...rest,
    steps: steps.filter(({ alias }) => tables.includes(alias)),
  }));
}

async function sqlitePlan(engine: Engine, tenantId: string, { sql, params }: Statement): Promise<Plan> {
  const { reader } = engine.of(tenantId);
  const rows = await reader.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params);
  const steps = rows.flatMap(({ detail }): Step[] => {
    const [, alias, using = '', name, entry = ''] =
      /^(?:SEARCH|SCAN) (\w+)(?: USING ((?:COVERING )?INDEX (\w+)|PRIMARY KEY)(?: \((.*)\))?)?/.exec(
        detail,
      ) ?? [];
    if (alias === undefined) return [];
    const index = using === 'PRIMARY KEY' || name?.startsWith('sqlite_autoindex') ? 'KEY' : name;
    const isCovered = using.startsWith('COVERING') || using === 'PRIMARY KEY';
    return [{ alias, index, isCovered, entry: entryOf(entry.replaceAll(/>\(|<\(/g, '$&')) }];
  });
  const sorts = rows.some(({ detail }) => detail.includes('TEMP B-TREE FOR ORDER BY'));
  return { steps, sorted: sorts ? Number.POSITIVE_INFINITY : 0, met: undefined };
}

/** A node of a plan of PostgreSQL, as far as it matters here. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly Alias?: string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly PlanNode[];
}

const READS = /^\s*(?:SELECT|WITH)(?![\s\S]* FOR (?:NO KEY UPDATE|UPDATE|KEY SHARE)$)/;

async function postgresPlan(engine: Engine, tenantId: string, { sql, params }: Statement): Promise<Plan> {
  const isRead = READS.test(sql);
  const [row] = await engine
    .of(tenantId)
    .scanner.all<{ 'QUERY PLAN': readonly [{ Plan: PlanNode }] }>(
      `EXPLAIN (FORMAT JSON${isRead ? ', ANALYZE, TIMING OFF' : ''}) ${sql}`,
      params,
    );
  const nodes = nodesOf((row as NonNullable<typeof row>)['QUERY PLAN'][0].Plan);
  const reads = nodes.filter(
    (node) => node['Relation Name'] !== undefined && / Scan$/.test(node['Node Type']),
  );
  const sorts = nodes.filter((node) => /Sort$/.test(node['Node Type']));
  return {
    steps: reads.map(stepOf),
    sorted: Math.max(0, ...sorts.map(rowsOf)),
    met: isRead ? reads.map(rowsOf).reduce((sum, each) => sum + each, 0) : undefined,
  };
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

const rowsOf = (node: PlanNode): number =>
  ((node['Actual Rows'] ?? 0) +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0)) *
  (node['Actual Loops'] ?? 1);

function stepOf(node: PlanNode): Step {
  const bitmap = nodesOf(node).filter((each) => each['Node Type'] === 'Bitmap Index Scan');
  const index = node['Index Name'] ?? bitmap.map((each) => each['Index Name']).join('+');
  const condition = [node, ...bitmap].map((each) => each['Index Cond'] ?? '').join(' ');
  return {
    // a name that occurs twice gets a number
    alias: (node.Alias ?? '').replace(/_\d+$/, ''),
    index: index === '' ? undefined : index.replace(/^\w+_pkey$/, 'KEY'),
    isCovered: node['Node Type'] === 'Index Only Scan',
    entry: entryOf(condition),
  };
}

/** The columns of a condition with their operators, each once, in the order in which they are given. */
function entryOf(condition: string): string {
  const found = condition.matchAll(/(?:ROW)?(\([\w, ]+\)|\b[a-z]\w*) ?(=|>|<)/g);
  const columns = [...found].map(([, column, operator]) => `${column?.replaceAll(' ', '')}${operator}`);
  return [...new Set(columns)].join(' ');
}
