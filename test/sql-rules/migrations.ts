import type { AlterTableStmt, ColumnDef, Constraint, CreateStmt, IndexStmt, Node } from 'libpg-query';
import { brokenByAll } from './statements.ts';
import { columnsOf, parseStatement, TABLES_WITHOUT_TENANT, TENANT_TABLES } from './tables.ts';

/** Types of columns that mean the same on every database. */
const TYPES: ReadonlySet<string> = new Set(['text', 'bytea', 'int4', 'int8']);

/** What a column may say besides its type; all else, such as IDENTITY, GENERATED or DEFERRABLE, some database lacks. */
const OF_COLUMNS: ReadonlySet<string> = new Set([
  ...['CONSTR_NOTNULL', 'CONSTR_NULL', 'CONSTR_DEFAULT', 'CONSTR_PRIMARY', 'CONSTR_UNIQUE'],
]);
const OF_TABLES: ReadonlySet<string> = new Set(['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_FOREIGN']);

/** The rules that a statement of a migration breaks. */
export function brokenByMigration(sql: string): readonly string[] {
  const node = parseStatement(sql);
  if ('CreateStmt' in node) return brokenByTable(node.CreateStmt);
  if ('IndexStmt' in node) return brokenByIndex(node.IndexStmt);
  if ('AlterTableStmt' in node) return brokenByAlteration(node.AlterTableStmt);
  if ('InsertStmt' in node || 'UpdateStmt' in node || 'DeleteStmt' in node) return brokenByAll(sql);
  return [`${Object.keys(node)} is nothing that every database has`];
}

function brokenByTable(statement: CreateStmt): string[] {
  const { relation, tableElts = [], inhRelations, partspec, oncommit } = statement;
  const name = relation?.relname ?? '';
  const isOfTenants = columnsOf(statement).includes('tenant_id');
  const broken: string[] = [];
  if (!isOfTenants && !TABLES_WITHOUT_TENANT.has(name)) broken.push(`${name} has no tenant_id and no reason`);
  if (relation?.relpersistence !== 'p' || oncommit !== 'ONCOMMIT_NOOP') broken.push('a temporary table');
  if (inhRelations || partspec) broken.push('inheritance or partitions');
  let hasKey = false;
  for (const element of tableElts) {
    if ('ColumnDef' in element) {
      broken.push(...brokenByColumn(element.ColumnDef, isOfTenants));
      hasKey ||= kindsOf(element.ColumnDef).includes('CONSTR_PRIMARY');
    } else if ('Constraint' in element) {
      broken.push(...brokenByConstraint(element.Constraint, isOfTenants));
      hasKey ||= element.Constraint.contype === 'CONSTR_PRIMARY';
    } else broken.push(`${Object.keys(element)} in a table`);
  }
  if (!hasKey) broken.push('a table without a primary key');
  return broken;
}

const constraintsOf = ({ constraints = [] }: ColumnDef): Constraint[] =>
  constraints.flatMap((each) => ('Constraint' in each ? each.Constraint : []));

const kindsOf = (column: ColumnDef): string[] => constraintsOf(column).map(({ contype }) => contype ?? '');

function brokenByColumn(column: ColumnDef, isOfTenants: boolean): string[] {
  const { colname, typeName, collClause } = column;
  const broken: string[] = [];
  const type = textsOf(typeName?.names).at(-1) ?? '';
  if (!TYPES.has(type)) broken.push(`the type ${type}`);
  const collation = textsOf(collClause?.collname).at(-1);
  if (collation !== undefined && collation !== 'C') broken.push(`the collation ${collation}`);
  const kinds = kindsOf(column);
  broken.push(...kinds.filter((kind) => !OF_COLUMNS.has(kind)).map((kind) => `a column with ${kind}`));
  for (const { contype, raw_expr } of constraintsOf(column))
    if (contype === 'CONSTR_DEFAULT' && raw_expr && !('A_Const' in raw_expr))
      broken.push('a default that is computed');
  const isKey = kinds.includes('CONSTR_PRIMARY') || kinds.includes('CONSTR_UNIQUE');
  if (isKey && isOfTenants) broken.push('a key without leading tenant_id');
  if (type === 'text' && (isKey || colname === 'tenant_id') && collation !== 'C')
    broken.push('a key in the collation of the database');
  if (colname === 'tenant_id' && !kinds.includes('CONSTR_NOTNULL')) broken.push('tenant_id without NOT NULL');
  return broken;
}

function brokenByConstraint(constraint: Constraint, isOfTenants: boolean): string[] {
  const { contype = '', keys, fk_attrs, pk_attrs, pktable, deferrable, fk_del_action } = constraint;
  if (!OF_TABLES.has(contype)) return [`a table with ${contype}`];
  const broken: string[] = [];
  if (deferrable === true) broken.push('a deferrable constraint');
  if (contype !== 'CONSTR_FOREIGN') {
    if (isOfTenants && textsOf(keys)[0] !== 'tenant_id') broken.push('a key without leading tenant_id');
    return broken;
  }
  const [from, to] = [textsOf(fk_attrs)[0], textsOf(pk_attrs)[0]];
  if (from !== 'tenant_id' || to !== 'tenant_id' || !TENANT_TABLES.has(pktable?.relname ?? ''))
    broken.push('a foreign key without leading tenant_id');
  // the others would set tenant_id too
  if (!['a', 'c', 'r'].includes(fk_del_action ?? 'a')) broken.push('a foreign key that empties columns');
  return broken;
}

function brokenByIndex({ relation, indexParams = [], accessMethod, concurrent }: IndexStmt): string[] {
  const broken: string[] = [];
  const columns = indexParams.map((each) => ('IndexElem' in each ? each.IndexElem : {}));
  if (columns.some(({ expr }) => expr !== undefined)) broken.push('an index of an expression');
  if (columns.some(({ collation }) => (textsOf(collation).at(-1) ?? 'C') !== 'C'))
    broken.push('an index in another collation');
  if (TENANT_TABLES.has(relation?.relname ?? '') && columns[0]?.name !== 'tenant_id')
    broken.push('an index without leading tenant_id');
  if ((accessMethod ?? 'btree') !== 'btree') broken.push(`an index of the kind ${accessMethod}`);
  if (concurrent === true) broken.push('an index that no transaction can make');
  return broken;
}

/** Tables only grow: processes of the version before go on meanwhile. */
function brokenByAlteration({ relation, cmds = [] }: AlterTableStmt): string[] {
  const isOfTenants = TENANT_TABLES.has(relation?.relname ?? '');
  return cmds.flatMap((each) => {
    if (!('AlterTableCmd' in each)) return ['another change of a table'];
    const { subtype, def } = each.AlterTableCmd;
    if (subtype !== 'AT_AddColumn' || !def || !('ColumnDef' in def)) return [`a table with ${subtype}`];
    const kinds = kindsOf(def.ColumnDef);
    const isFilled = !kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_DEFAULT');
    const broken = brokenByColumn(def.ColumnDef, isOfTenants);
    return isFilled ? broken : [...broken, 'a new column that rows of before have no value for'];
  });
}

const textsOf = (nodes: readonly Node[] = []): string[] =>
  nodes.flatMap((each) => ('String' in each ? (each.String.sval ?? []) : []));
