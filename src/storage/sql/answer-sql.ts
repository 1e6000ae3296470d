import type { StoredResource } from '../../core/stored.ts';
import type { RelationQuery } from '../storage.ts';
import type { SqlDialect } from './engine.ts';
import { type Fragment, joinFragments, raw, sql } from './fragment.ts';

/** The columns of `resource r` that an answer is made of. */
export const ANSWER_COLUMNS = raw('r.id, r.doc, r.version, r.created, r.last_modified');

export interface AnswerRow {
  readonly id: string;
  readonly doc: string;
  readonly version: number;
  readonly created: string;
  readonly last_modified: string;
  readonly relation?: string | null;
}

/**
 * Whether the row `r` is a member of any group; null when not. Asked before the groups are read, since a query that walks
 * nested groups takes longer to plan, where plans are not kept, than all other reads of a request together.
 */
export const membershipColumn = (tenantId: string): Fragment =>
  sql`(SELECT 1 FROM member m WHERE m.tenant_id = ${tenantId} AND m.member_id = r.id LIMIT 1) AS membership`;

export interface MarkedRow extends AnswerRow {
  readonly membership: number | null;
}

export const storedResource = (row: AnswerRow): StoredResource & { relation: string | undefined } => ({
  id: row.id,
  doc: row.doc,
  version: Number(row.version),
  created: row.created,
  lastModified: row.last_modified,
  relation: row.relation ?? undefined,
});

/**
 * The membership values of the row `r` as JSON objects joined by commas: built inside the database, since a large group
 * costs a quarter of what reading its rows does. Ids and times need no escaping, names get it from the database.
 *
 * @param isBounded whether many groups of a member are not put together, but give a mark, `isMarkedLarge`
 */
export function relationColumn(
  dialect: SqlDialect,
  tenantId: string,
  query: RelationQuery,
  isBounded = false,
): Fragment {
  const { kind, parts, references } = query;
  const group = references.findIndex(({ type }) => type === 'Group');
  const name = `${dialect.name} ${kind} ${references.length} ${group} ${parts.join()} ${isBounded}`;
  let column = columns.get(name);
  if (column === undefined) {
    const slots = references.map((_, at) => ({ type: `type ${at}`, base: `base ${at}` }));
    if (slots[group] !== undefined) slots[group].type = 'Group';
    const template = { ...query, references: slots };
    column =
      kind === 'members'
        ? membersColumn(dialect, TENANT_SLOT, template)
        : memberOfColumn(dialect, TENANT_SLOT, template, isBounded);
    columns.set(name, column);
  }
  const filled = new Map([[TENANT_SLOT, tenantId]]);
  for (const [at, { type, base }] of references.entries())
    filled.set(`type ${at}`, type).set(`base ${at}`, base);
  return { text: column.text, values: column.values.map((slot) => filled.get(slot as string) ?? slot) };
}

/** Columns made before, with slots for their values: nearly every read needs one, and projections make few of them. */
const columns = new Map<string, Fragment>();

const TENANT_SLOT = 'tenant';

/** What stands for membership values that are better read elsewhere; no JSON text is the same. */
export const LARGE = raw(`'*'`);

/** Whether membership values are such a mark. */
export const isMarkedLarge = (relation: string | null | undefined): boolean => relation === '*';

/** A member in more groups has many: to put them together takes milliseconds, in which other requests wait. */
const FEW_GROUPS = 200;

const groupBase = ({ references }: RelationQuery): string =>
  references.find(({ type }) => type === 'Group')?.base ?? '';

// every subquery names the tenant itself: an engine that spreads tenants over servers looks for it in each

const membersColumn = (dialect: SqlDialect, tenantId: string, query: RelationQuery): Fragment =>
  sql`(SELECT ${joined(dialect, memberObject(dialect, tenantId, query), 'm.member_id')} FROM member m
    WHERE m.tenant_id = ${tenantId} AND m.group_id = r.id)`;

/** One membership value of a group, of the row `member m`. */
const memberObject = (dialect: SqlDialect, tenantId: string, query: RelationQuery): Fragment =>
  jsonObject(query.parts, {
    value: raw(`'"' || m.member_id || '"'`),
    $ref: sql`'"' || ${referenceBase('m.member_type', query)} || m.member_id || '"'`,
    display: memberName(dialect, tenantId),
    type: raw(`'"' || m.member_type || '"'`),
  });

/** What a member is called: who has no userName has a displayName. */
function memberName({ jsonMember }: SqlDialect, tenantId: string): Fragment {
  const [userName, displayName] = ['userName', 'displayName'].map((name) => jsonMember('d.doc', name));
  return sql`(SELECT ${raw(`coalesce(${userName}, ${displayName}, '""')`)} FROM resource d
    WHERE d.tenant_id = ${tenantId} AND d.type = m.member_type AND d.id = m.member_id)`;
}

/**
 * The next members of a group as one text in UTF-8 (`relation`), the number of them and the id of the last.
 *
 * @param after the id of the last member before; empty for the first piece
 */
export function membersPiece(
  dialect: SqlDialect,
  query: RelationQuery,
  tenantId: string,
  groupId: string,
  after: string,
  most: number,
): Fragment {
  const text = joined(dialect, memberObject(dialect, tenantId, query), 'm.member_id');
  return sql`SELECT ${{ text: dialect.bytes(text.text), values: text.values }} AS relation, count(*) AS members,
      max(m.member_id) AS last
    FROM (SELECT m.member_id, m.member_type FROM member m
      WHERE m.tenant_id = ${tenantId} AND m.group_id = ${groupId} AND m.member_id > ${after}
      ORDER BY m.member_id LIMIT ${raw(String(most))}) m`;
}

/** The rows `member n` of the groups that a group is nested in. */
const outerOf = (tenantId: string, groupId: string): Fragment =>
  sql`n.tenant_id = ${tenantId} AND ${raw(`n.member_id = ${groupId} AND n.member_type = 'Group'`)}`;

/** The groups of the row `r` at any depth. UNION takes each group once, so that circles end. */
const reached = (tenantId: string): Fragment => sql`WITH RECURSIVE reached (id) AS (
      SELECT m.group_id FROM member m WHERE ${ofResource(tenantId)}
      UNION SELECT n.group_id FROM reached x CROSS JOIN member n WHERE ${outerOf(tenantId, 'x.id')})`;

/** The rows `member m` of the groups that the row `r` is in. */
const ofResource = (tenantId: string): Fragment => sql`m.tenant_id = ${tenantId} AND m.member_id = r.id`;

/**
 * The groups of a member, direct ones and those reached through nested groups. Nearly always none of the direct ones is
 * nested: a look into the index of nested groups, one for each, then spares the walk.
 */
function memberOfColumn(
  dialect: SqlDialect,
  tenantId: string,
  query: RelationQuery,
  isBounded: boolean,
): Fragment {
  const all = allGroups(dialect, tenantId, query);
  const some = sql`SELECT 1 FROM member m WHERE ${ofResource(tenantId)}`;
  const any = sql`${reached(tenantId)} SELECT 1 FROM reached`;
  const direct = isBounded ? sql`WHEN ${isLarge(some)} THEN ${LARGE}` : raw('');
  const nested = isBounded ? sql`CASE WHEN ${isLarge(any)} THEN ${LARGE} ELSE ${all} END` : all;
  return sql`CASE ${direct} WHEN EXISTS (SELECT 1 FROM member m CROSS JOIN member n
      WHERE ${ofResource(tenantId)} AND ${outerOf(tenantId, 'm.group_id')})
    THEN ${nested} ELSE ${directGroups(dialect, tenantId, query)} END`;
}

/** @param groups a query with a row for each group, which is read no further than it takes to tell */
const isLarge = (groups: Fragment): Fragment =>
  sql`(${groups} LIMIT 1 OFFSET ${raw(String(FEW_GROUPS))}) IS NOT NULL`;

const directGroups = (dialect: SqlDialect, tenantId: string, query: RelationQuery): Fragment =>
  sql`(SELECT ${joined(dialect, groupObject(dialect, query, 'm.group_id', raw(`'"direct"'`)), 'm.group_id')}
    FROM member m JOIN resource g ON g.tenant_id = m.tenant_id AND g.type = 'Group' AND g.id = m.group_id
    WHERE ${ofResource(tenantId)})`;

function allGroups(dialect: SqlDialect, tenantId: string, query: RelationQuery): Fragment {
  const type = sql`CASE WHEN EXISTS (SELECT 1 FROM member d
    WHERE d.tenant_id = ${tenantId} AND d.group_id = x.id AND d.member_id = r.id)
    THEN '"direct"' ELSE '"indirect"' END`;
  // CROSS JOIN, because SQLite takes it as the order in which to join
  return sql`(${reached(tenantId)} SELECT ${joined(dialect, groupObject(dialect, query, 'x.id', type), 'x.id')} FROM reached x CROSS JOIN resource g
    WHERE g.tenant_id = ${tenantId} AND g.type = 'Group' AND g.id = x.id)`;
}

/** One membership value of a member, of the row `resource g` of the group. */
const groupObject = (dialect: SqlDialect, query: RelationQuery, id: string, type: Fragment): Fragment =>
  jsonObject(query.parts, {
    value: raw(`'"' || ${id} || '"'`),
    $ref: sql`'"' || ${groupBase(query)} || ${raw(id)} || '"'`,
    display: raw(dialect.jsonMember('g.doc', 'displayName')),
    type,
  });

const joined = (dialect: SqlDialect, value: Fragment, orderBy: string): Fragment => ({
  text: dialect.joined(value.text, orderBy),
  values: value.values,
});

function jsonObject(parts: readonly string[], expressions: Readonly<Record<string, Fragment>>): Fragment {
  const members = Object.entries(expressions)
    .filter(([name]) => parts.includes(name))
    .map(([name, expression]) => sql`${raw(`'"${name}":' || `)}${expression}`);
  if (members.length === 0) return raw(`'{}'`);
  const { text, values } = sql`'{' || ${joinFragments(members, ` || ',' || `)} || '}'`;
  // one text for neighbours: the database would put them together for each value again
  return { text: text.replaceAll(`' || '`, ''), values };
}

function referenceBase(typeColumn: string, query: RelationQuery): Fragment {
  const cases = query.references.map(() => 'WHEN ? THEN ?').join(' ');
  return { text: `CASE ${typeColumn} ${cases} END`, values: referenceValues(query) };
}

const referenceValues = ({ references }: RelationQuery): string[] =>
  references.flatMap(({ type, base }) => [type, base]);
