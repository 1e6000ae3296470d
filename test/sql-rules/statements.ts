import type {
  ColumnRef,
  InsertStmt,
  JoinExpr,
  Node,
  OnConflictClause,
  RangeVar,
  SelectStmt,
  WithClause,
} from 'libpg-query';
import type { SqlValue } from '../../src/storage/sql/engine.ts';
import { parseStatement, TABLES_WITHOUT_TENANT, TENANT_TABLES } from './tables.ts';

/** Functions that every database here has under one name or another, and that give the same for the same. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['count', 'max', 'min', 'sum', 'string_agg', 'group_concat'],
  ...['length', 'right', 'substr', 'strpos', 'instr', 'convert_to'],
]);

/** What a statement says and which rules it breaks. */
interface Findings {
  readonly broken: string[];
  /** Numbers of the placeholders that a tenant stands for. */
  readonly tenants: Set<number>;
  readonly tables: Set<string>;
  /** Whether it is about the rows of all tenants, each with its own: a step of a migration. */
  readonly isOfAll: boolean;
}

/** Where a query stands: the common table expressions that it can name, and the tables of the queries around it. */
interface Place {
  readonly ctes: ReadonlySet<string>;
  readonly outer: ReadonlySet<string>;
}

const OUTERMOST: Place = { ctes: new Set(), outer: new Set() };

/** The tables of one query by alias, and what their rows must satisfy. */
interface Level {
  readonly aliases: Map<string, string>;
  readonly conditions: { readonly condition: Node; readonly only?: ReadonlySet<string> }[];
}

const known = new Map<string, Findings>();

/**
 * The rules that a statement of a request breaks.
 *
 * @param tenantId for whom it is run; undefined: for nobody in particular, and so about no table of tenants
 */
export function brokenRules(
  sql: string,
  params: readonly SqlValue[],
  tenantId: string | undefined,
): readonly string[] {
  let findings = known.get(sql);
  if (findings === undefined) {
    findings = findingsOf(sql, false);
    known.set(sql, findings);
  }
  const { broken, tables, tenants } = findings;
  if (tenantId === undefined)
    return tables.size === 0 ? broken : [...broken, `names no tenant, but ${[...tables]}`];
  const isOfAnother = [...tenants].some((number) => params[number - 1] !== tenantId);
  return isOfAnother ? [...broken, `names another tenant than ${tenantId}`] : broken;
}

/** The rules that a change of rows in a migration breaks: what it joins must be of one tenant. */
export const brokenByAll = (sql: string): readonly string[] => findingsOf(sql, true).broken;

function findingsOf(sql: string, isOfAll: boolean): Findings {
  const findings: Findings = { broken: [], tenants: new Set(), tables: new Set(), isOfAll };
  const node = parseStatement(sql);
  if ('SelectStmt' in node) checkSelect(findings, node.SelectStmt, OUTERMOST);
  else if ('InsertStmt' in node) checkInsert(findings, node.InsertStmt);
  else if ('UpdateStmt' in node) {
    const {
      relation,
      fromClause,
      whereClause,
      targetList = [],
      withClause,
      returningClause,
    } = node.UpdateStmt;
    const changed = targetList.map((target) => ('ResTarget' in target ? target.ResTarget.name : ''));
    if (changed.includes('tenant_id')) findings.broken.push('moves a row to another tenant');
    checkChange(findings, relation, fromClause, whereClause, withClause, [targetList, returningClause]);
  } else if ('DeleteStmt' in node) {
    const { relation, usingClause, whereClause, withClause, returningClause } = node.DeleteStmt;
    checkChange(findings, relation, usingClause, whereClause, withClause, [returningClause]);
  } else if (!isOfTransaction(node)) {
    findings.broken.push(`${Object.keys(node)} is no statement of a request`);
  }
  return findings;
}

/** Parts of a transaction that can fail by themselves, and settings that end with it. */
function isOfTransaction(node: Node): boolean {
  if ('VariableSetStmt' in node) return node.VariableSetStmt.is_local === true;
  if (!('TransactionStmt' in node)) return false;
  return /SAVEPOINT|ROLLBACK_TO|RELEASE/.test(node.TransactionStmt.kind ?? '');
}

function checkSelect(findings: Findings, select: SelectStmt, place: Place): void {
  const { fromClause = [], whereClause, withClause, larg, rarg, lockingClause } = select;
  const ctes = checkWith(findings, withClause, place);
  for (const side of [larg, rarg]) if (side) checkSelect(findings, side, { ...place, ctes });
  const level: Level = { aliases: new Map(), conditions: [] };
  if (whereClause) level.conditions.push({ condition: whereClause });
  for (const item of fromClause) addItem(findings, level, item, { ...place, ctes });
  const inner = checkTenants(findings, level, { ...place, ctes });
  if (lockingClause !== undefined)
    for (const table of level.aliases.values())
      if (!TENANT_TABLES.has(table)) findings.broken.push(`locks ${table}, which Citus locks as a whole`);
  const { targetList, groupClause, havingClause, sortClause, valuesLists, limitCount, limitOffset } = select;
  const expressions = [
    targetList,
    groupClause,
    havingClause,
    sortClause,
    valuesLists,
    limitCount,
    limitOffset,
  ];
  checkExpressions(findings, [...expressions, ...level.conditions.map(({ condition }) => condition)], inner);
}

function checkChange(
  findings: Findings,
  relation: RangeVar | undefined,
  others: readonly Node[] | undefined,
  where: Node | undefined,
  withClause: WithClause | undefined,
  expressions: unknown,
): void {
  const place = { ...OUTERMOST, ctes: checkWith(findings, withClause, OUTERMOST) };
  const level: Level = { aliases: new Map(), conditions: where ? [{ condition: where }] : [] };
  if (relation) addTable(findings, level, relation, place);
  for (const item of others ?? []) addItem(findings, level, item, place);
  const inner = checkTenants(findings, level, place);
  checkExpressions(findings, [expressions, ...level.conditions.map(({ condition }) => condition)], inner);
}

function checkInsert(findings: Findings, insert: InsertStmt): void {
  const { relation, cols = [], selectStmt, onConflictClause, withClause, returningClause } = insert;
  const table = relation?.relname ?? '';
  const place = { ...OUTERMOST, ctes: checkWith(findings, withClause, OUTERMOST) };
  addTable(findings, { aliases: new Map(), conditions: [] }, relation ?? {}, OUTERMOST);
  const at = cols.findIndex((column) => 'ResTarget' in column && column.ResTarget.name === 'tenant_id');
  const isOfTenant = TENANT_TABLES.has(table);
  if (isOfTenant && at === -1) findings.broken.push(`inserts into ${table} without tenant_id`);
  if (onConflictClause) checkConflict(findings, onConflictClause, isOfTenant);
  checkExpressions(findings, returningClause, place);
  if (selectStmt === undefined || !('SelectStmt' in selectStmt)) return;
  const select = selectStmt.SelectStmt;
  checkSelect(findings, select, place);
  if (!isOfTenant || at === -1) return;
  const rows = select.valuesLists?.map((row) => ('List' in row ? (row.List.items ?? []) : []));
  const selected = (select.targetList ?? []).map((each) =>
    'ResTarget' in each ? each.ResTarget.val : undefined,
  );
  for (const row of rows ?? [selected]) {
    const value = row[at];
    if (value !== undefined && 'ParamRef' in value) findings.tenants.add(value.ParamRef.number ?? 0);
    else if (value === undefined || tenantColumn(value) === undefined)
      findings.broken.push(`inserts into ${table} with a tenant_id that is neither given nor read`);
  }
}

function checkConflict(
  findings: Findings,
  { infer, targetList }: OnConflictClause,
  isOfTenant: boolean,
): void {
  const targets = infer?.indexElems?.map((element) => ('IndexElem' in element ? element.IndexElem : {}));
  if (infer?.conname !== undefined) findings.broken.push('names a constraint as the target of a conflict');
  if (targets?.some(({ expr }) => expr !== undefined))
    findings.broken.push('has an expression as the target of a conflict');
  if (isOfTenant && targets !== undefined && !targets.some(({ name }) => name === 'tenant_id'))
    findings.broken.push('has the target of a conflict without tenant_id');
  if (targetList?.some((target) => 'ResTarget' in target && target.ResTarget.name === 'tenant_id'))
    findings.broken.push('moves a row to another tenant');
  checkExpressions(findings, targetList, OUTERMOST);
}

function checkWith(findings: Findings, clause: WithClause | undefined, place: Place): ReadonlySet<string> {
  const ctes = new Set(place.ctes);
  for (const each of clause?.ctes ?? []) {
    if (!('CommonTableExpr' in each)) continue;
    const { ctename, ctequery } = each.CommonTableExpr;
    ctes.add(ctename ?? '');
    if (ctequery && 'SelectStmt' in ctequery) checkSelect(findings, ctequery.SelectStmt, { ...place, ctes });
    else findings.broken.push('changes rows in a common table expression');
  }
  return ctes;
}

function addItem(findings: Findings, level: Level, item: Node, place: Place): void {
  if ('RangeVar' in item) addTable(findings, level, item.RangeVar, place);
  else if ('JoinExpr' in item) addJoin(findings, level, item.JoinExpr, place);
  else if ('RangeSubselect' in item) {
    const { subquery } = item.RangeSubselect;
    if (subquery && 'SelectStmt' in subquery) checkSelect(findings, subquery.SelectStmt, place);
  } else if (!isGivenRows(item)) findings.broken.push(`reads from ${Object.keys(item)}`);
}

/** Rows that come as one text, by a function that all of them have. */
const isGivenRows = (item: Node): boolean =>
  'RangeFunction' in item && /"sval":"json_to_recordset".*"ParamRef"/.test(JSON.stringify(item));

function addTable(
  findings: Findings,
  level: Level,
  { relname = '', alias }: RangeVar,
  { ctes }: Place,
): void {
  if (ctes.has(relname)) return;
  if (TENANT_TABLES.has(relname)) findings.tables.add(relname);
  else if (!TABLES_WITHOUT_TENANT.has(relname)) findings.broken.push(`reads ${relname}, which is no table`);
  level.aliases.set(alias?.aliasname ?? relname, relname);
}

function addJoin(findings: Findings, level: Level, join: JoinExpr, place: Place): void {
  const { larg, rarg, quals, jointype, usingClause, isNatural } = join;
  if (!['JOIN_INNER', 'JOIN_LEFT'].includes(jointype ?? '') || usingClause || isNatural)
    findings.broken.push(`joins by ${jointype}`);
  if (larg) addItem(findings, level, larg, place);
  const before = new Set(level.aliases.keys());
  if (rarg) addItem(findings, level, rarg, place);
  if (quals === undefined) return;
  const added = new Set([...level.aliases.keys()].filter((alias) => !before.has(alias)));
  level.conditions.push({ condition: quals, ...(jointype === 'JOIN_LEFT' && { only: added }) });
}

/**
 * Each table of tenants must be bound to one in the query that names it: by a placeholder, or by a table beside it that is
 * bound. What a subquery takes from the query around it does not count: Citus then asks every shard.
 *
 * @returns the place of queries inside this one
 */
function checkTenants(findings: Findings, level: Level, place: Place): Place {
  const tables = [...level.aliases].filter(([, table]) => TENANT_TABLES.has(table)).map(([alias]) => alias);
  const aliasOf = (column: Column): string | undefined =>
    column.alias ?? (tables.length === 1 ? tables[0] : undefined);
  const bound = new Set<string>();
  const isBound = (alias: string | undefined): boolean =>
    alias !== undefined && (bound.has(alias) || (findings.isOfAll && place.outer.has(alias)));
  const equalities = level.conditions.flatMap(({ condition, only }) =>
    conjuncts(condition).flatMap((part) => {
      const sides = equalSides(part);
      return sides ? [{ ...sides, only }] : [];
    }),
  );
  for (let size = -1; size !== bound.size; ) {
    size = bound.size;
    for (const { column, other, only } of equalities) {
      const alias = aliasOf(column);
      if (alias === undefined || !tables.includes(alias) || (only !== undefined && !only.has(alias)))
        continue;
      const of = tenantColumn(other);
      if ('ParamRef' in other) findings.tenants.add(other.ParamRef.number ?? 0);
      if ('ParamRef' in other || (of !== undefined && isBound(aliasOf(of)))) bound.add(alias);
    }
    const [first] = tables;
    const isAlone = bound.size === 0 && place.outer.size === 0;
    if (findings.isOfAll && isAlone && first !== undefined) bound.add(first);
  }
  for (const alias of tables)
    if (!bound.has(alias)) findings.broken.push(`reads ${level.aliases.get(alias)} without tenant_id = ?`);
  return { ctes: place.ctes, outer: new Set([...place.outer, ...bound]) };
}

interface Column {
  /** undefined: the only table that can be meant. */
  readonly alias: string | undefined;
}

function conjuncts(condition: Node): Node[] {
  const isAnd = 'BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR';
  return isAnd ? (condition.BoolExpr.args ?? []).flatMap(conjuncts) : [condition];
}

/** Both directions of `tenant_id = …`. */
function equalSides(condition: Node): { column: Column; other: Node } | undefined {
  if (!('A_Expr' in condition) || condition.A_Expr.kind !== 'AEXPR_OP') return undefined;
  const { name = [], lexpr, rexpr } = condition.A_Expr;
  const [operator] = name;
  if (!operator || !('String' in operator) || operator.String.sval !== '=' || !lexpr || !rexpr)
    return undefined;
  const [left, right] = [tenantColumn(lexpr), tenantColumn(rexpr)];
  if (left) return { column: left, other: rexpr };
  return right && { column: right, other: lexpr };
}

function tenantColumn(node: Node): Column | undefined {
  const fields = 'ColumnRef' in node ? fieldsOf(node.ColumnRef) : [];
  return fields.at(-1) === 'tenant_id' ? { alias: fields.at(-2) } : undefined;
}

const fieldsOf = ({ fields = [] }: ColumnRef): string[] =>
  fields.flatMap((field) => ('String' in field ? (field.String.sval ?? []) : []));

/** Goes through everything else: subqueries, and what may not be called. */
function checkExpressions(findings: Findings, part: unknown, place: Place): void {
  if (typeof part !== 'object' || part === null) return;
  const node = part as Node;
  if ('SubLink' in node) {
    const { subselect, testexpr } = node.SubLink;
    if (subselect && 'SelectStmt' in subselect) checkSelect(findings, subselect.SelectStmt, place);
    checkExpressions(findings, testexpr, place);
    return;
  }
  if ('FuncCall' in node) {
    const { funcname = [] } = node.FuncCall;
    const name = funcname.flatMap((each) => ('String' in each ? (each.String.sval ?? []) : [])).join('.');
    if (!FUNCTIONS.has(name)) findings.broken.push(`calls ${name}()`);
  }
  if ('SQLValueFunction' in node) findings.broken.push(`asks the database for ${node.SQLValueFunction.op}`);
  if ('CollateClause' in node) findings.broken.push('has a collation of its own');
  for (const each of Object.values(node)) checkExpressions(findings, each, place);
}
