import type { Resource } from '../../core/resource.ts';
import { compareBySort, type Sort } from '../../core/sort.ts';
import { readDoc } from '../../core/stored.ts';
import type {
  ListedResource,
  ListQuery,
  PageByIndex,
  PageByPosition,
  Position,
  RelationQuery,
  ResourcePage,
} from '../storage.ts';
import {
  ANSWER_COLUMNS,
  type AnswerRow,
  isMarkedLarge,
  type MarkedRow,
  membershipColumn,
  relationColumn,
  storedResource,
} from './answer-sql.ts';
import type { ReadAccess } from './engine.ts';
import { type BoundFilter, SELECTIVITY } from './filter-scope.ts';
import { compileFilter } from './filter-sql.ts';
import { eachWith, type Fragment, joinFragments, raw, sql } from './fragment.ts';
import { listedRelation, memberPieces } from './large-groups.ts';
import {
  type CompiledPart,
  conditionOf,
  goesDown,
  type Seek,
  type Segment,
  type SegmentRow,
  segmentCount,
  segmentRows,
  segmentsOf,
} from './list-segments.ts';
import { checkWalks } from './walk-bound.ts';

/** Rows that a query may give on the event loop; more are read where they hold up nothing. */
const INLINE_ROWS = 20;

interface List {
  readonly access: ReadAccess;
  readonly parts: readonly CompiledPart[];
}

/** A resource of a list, at its place. */
interface Entry {
  readonly resource: ListedResource;
  readonly position: Position;
}

/** Reads a page of the resources of one type or of several. */
export async function listResources(
  access: ReadAccess,
  tenantId: string,
  query: ListQuery,
): Promise<ResourcePage> {
  const parts = query.parts.map((part, number): CompiledPart => {
    const scope = { dialect: access.dialect, tenantId, type: part.type.name, resourceType: part.type };
    return { ...part, number, scope, compiled: part.filter && compileFilter(scope, part.filter) };
  });
  for (const { scope, filter } of parts) if (filter !== undefined) await checkWalks(access, scope, filter);
  const list: List = { access, parts };
  const { page } = query;
  if (!('startIndex' in page)) return pageByPosition(list, page);
  return (await fewResources(list, page)) ?? pageByIndex(list, page);
}

/** What a lookup by a name or an id finds, read at once; undefined when there may be many. */
async function fewResources({ access, parts }: List, page: PageByIndex): Promise<ResourcePage | undefined> {
  const [part, ...more] = parts;
  if (part?.compiled === undefined || more.length > 0) return undefined;
  const isLookup = part.compiled.selectivity <= SELECTIVITY.equal;
  if (!isLookup || page.startIndex > 1 || part.relation?.kind === 'members') return undefined;
  // SQLite plans a statement anew for each value of a LIMIT, and for all values when there is an ORDER BY to look for an
  // index for, which takes longer than the lookup: so the limit is text, and the few rows are put in order here
  const marked = part.relation === undefined ? raw('') : sql`, ${membershipColumn(part.scope.tenantId)}`;
  const statement = sql`SELECT ${ANSWER_COLUMNS}${marked} FROM resource r WHERE ${conditionOf(part)}
    LIMIT ${raw(String(INLINE_ROWS + 1))}`;
  const found = await access.reader.all<MarkedRow>(statement.text, statement.values);
  if (found.length > INLINE_ROWS) return undefined;
  const rows = part.relation === undefined ? found : await withGroups(access, part, part.relation, found);
  if (rows === undefined) return undefined;
  sortRows(rows, part.sort);
  return {
    totalResults: rows.length,
    resources: rows.slice(0, page.count).map((row) => listedResource(access, part, row)),
    previous: undefined,
    next: undefined,
  };
}

/** Rows with the groups of those that are in any; undefined when one is in many. */
async function withGroups(
  { dialect, reader }: ReadAccess,
  { scope }: CompiledPart,
  relation: RelationQuery,
  rows: readonly MarkedRow[],
): Promise<AnswerRow[] | undefined> {
  const members = rows.filter(({ membership }) => membership !== null).map(({ id }) => id);
  if (members.length === 0) return [...rows];
  const statement = sql`SELECT r.id, ${relationColumn(dialect, scope.tenantId, relation, true)} AS relation FROM resource r
    WHERE r.tenant_id = ${scope.tenantId} AND r.type = ${scope.type} AND r.id IN (${listed(members)})`;
  const found = await reader.all<Pick<AnswerRow, 'id' | 'relation'>>(statement.text, statement.values);
  if (found.some((row) => isMarkedLarge(row.relation))) return undefined;
  const relations = new Map(found.map((row) => [row.id, row.relation ?? null]));
  return rows.map((row) => ({ ...row, relation: relations.get(row.id) ?? null }));
}

const listed = (ids: readonly string[]): Fragment =>
  joinFragments(
    ids.map((id) => sql`${id}`),
    ', ',
  );

function sortRows(rows: AnswerRow[], sort: Sort | undefined): void {
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  if (sort === undefined) return;
  const seen = new Map(
    rows.map((row) => {
      const resource = readDoc(row.doc);
      resource.meta = { created: row.created, lastModified: row.last_modified };
      return [row, resource];
    }),
  );
  rows.sort((a, b) => compareBySort(sort, seen.get(a) as Resource, seen.get(b) as Resource));
}

const FROM_THE_BEGINNING: Seek = { position: undefined, direction: 'after' };

async function pageByIndex(list: List, { startIndex, count }: PageByIndex): Promise<ResourcePage> {
  const entries: Entry[] = [];
  let offset = startIndex - 1;
  for (const [number, segment] of segmentsOf(list.parts).entries()) {
    if (entries.length === count) break;
    const found = await readSegment(
      list,
      segment,
      number,
      FROM_THE_BEGINNING,
      count - entries.length,
      offset,
    );
    entries.push(...found);
    if (found.length > 0) offset = 0;
    else if (offset > 0) offset -= await countOf(list, segment);
  }
  // a page that is not full shows how many there are
  const isLast = count > 0 && entries.length < count && (entries.length > 0 || startIndex === 1);
  return {
    totalResults: isLast ? startIndex - 1 + entries.length : await total(list),
    resources: entries.map(({ resource }) => resource),
    previous: undefined,
    next: undefined,
  };
}

async function pageByPosition(list: List, page: PageByPosition): Promise<ResourcePage> {
  const totalResults = page.totalResults ?? (await total(list));
  // one more than asked for shows whether there are more
  const found = page.count === 0 ? [] : await readFrom(list, page, page.count + 1);
  const hasMore = found.length > page.count;
  const entries = found.slice(0, page.count);
  const isBackward = page.direction === 'before';
  if (isBackward && entries.length === 0)
    return pageByPosition(list, { ...page, position: undefined, direction: 'after' });
  if (isBackward) entries.reverse();
  const hasPrevious = isBackward ? hasMore : page.position !== undefined;
  return {
    totalResults,
    resources: entries.map(({ resource }) => resource),
    previous: hasPrevious ? entries[0]?.position : undefined,
    next: isBackward || hasMore ? entries.at(-1)?.position : undefined,
  };
}

/** Entries in the direction of the page: backward ones come last first. */
async function readFrom(
  list: List,
  { position, direction }: PageByPosition,
  count: number,
): Promise<Entry[]> {
  const segments = [...segmentsOf(list.parts).entries()];
  if (direction === 'before') segments.reverse();
  const start = position === undefined ? 0 : segments.findIndex(([number]) => number === position.segment);
  const entries: Entry[] = [];
  for (const [number, segment] of segments.slice(start)) {
    const seek = { position: number === position?.segment ? position : undefined, direction };
    entries.push(...(await readSegment(list, segment, number, seek, count - entries.length, 0)));
    if (entries.length === count) break;
  }
  return entries;
}

/** Ids first, from an index alone; only then the documents. */
async function readSegment(
  list: List,
  segment: Segment,
  number: number,
  seek: Seek,
  count: number,
  offset: number,
): Promise<Entry[]> {
  const rows = segmentRows(segment, seek, count, offset);
  if (count === 0) return [];
  const [only, ...more] = segment.streams;
  if (only !== undefined && more.length === 0)
    return readJoined(list, only, number, rows, goesDown(segment, seek));
  const found = await list.access.scanner.all<SegmentRow>(rows.text, rows.values);
  const resources = new Map<string, ListedResource>();
  for (const part of list.parts) {
    const ids = found.filter((row) => row.part === part.number).map(({ id }) => id);
    for (const resource of await readByIds(list, part, ids)) resources.set(resource.id, resource);
  }
  // one that was deleted between the queries is left out
  return found.flatMap(({ id, key }) => {
    const resource = resources.get(id);
    return resource === undefined ? [] : { resource, position: { segment: number, key, id } };
  });
}

async function readJoined(
  { access }: List,
  { part, key }: Segment['streams'][number],
  segment: number,
  rows: Fragment,
  isDescending: boolean,
): Promise<Entry[]> {
  const order = raw(isDescending ? 'DESC' : 'ASC');
  const keyOrder = key ? sql`p.key ${order}, ` : raw('');
  const row = sql`r.tenant_id = ${part.scope.tenantId} AND r.type = ${part.scope.type} AND r.id = p.id`;
  const statement = sql`SELECT ${answerColumns(access, part)}, p.key
    FROM (${rows}) p ${eachWith(access.dialect, 'resource', 'r', row)}
    ORDER BY ${keyOrder}p.id ${order}`;
  const found = await access.scanner.all<AnswerRow & { key: string }>(statement.text, statement.values);
  return found.map((row) => ({
    resource: listedResource(access, part, row),
    position: { segment, key: row.key, id: row.id },
  }));
}

async function readByIds(
  { access }: List,
  part: CompiledPart,
  ids: readonly string[],
): Promise<ListedResource[]> {
  if (ids.length === 0) return [];
  const statement = sql`SELECT ${answerColumns(access, part)} FROM resource r
    WHERE r.tenant_id = ${part.scope.tenantId} AND r.type = ${part.scope.type} AND r.id IN (${listed(ids)})`;
  const rows = await access.scanner.all<AnswerRow>(statement.text, statement.values);
  return rows.map((row) => listedResource(access, part, row));
}

function answerColumns({ dialect }: ReadAccess, { scope, relation }: CompiledPart): Fragment {
  if (relation === undefined) return ANSWER_COLUMNS;
  return sql`${ANSWER_COLUMNS}, ${listedRelation(dialect, scope.tenantId, relation)} AS relation`;
}

function listedResource(
  access: ReadAccess,
  { number, scope, relation }: CompiledPart,
  row: AnswerRow,
): ListedResource {
  const resource = { ...storedResource(row), part: number };
  if (relation === undefined || !isMarkedLarge(row.relation)) return resource;
  return { ...resource, relation: memberPieces(access, scope.tenantId, row.id, relation) };
}

async function total(list: List): Promise<number> {
  const totals = await Promise.all(list.parts.map((part) => totalOf(list.access, part)));
  return totals.reduce((sum, each) => sum + each, 0);
}

async function totalOf(access: ReadAccess, part: CompiledPart): Promise<number> {
  const { filter, scope } = part;
  if (filter === undefined) return countAll(access, part);
  const positive = positiveOf(filter);
  if (positive === undefined) return countMatches(access, part);
  // a complement is counted by what it leaves out, which an index finds
  const compiled = compileFilter(scope, positive);
  return (await countAll(access, part)) - (await countMatches(access, { ...part, compiled }));
}

function positiveOf(filter: BoundFilter): BoundFilter | undefined {
  if (filter.kind === 'not') return filter.filter;
  return filter.kind === 'compare' && filter.operator === 'ne' ? { ...filter, operator: 'eq' } : undefined;
}

async function countAll({ reader }: ReadAccess, { scope }: CompiledPart): Promise<number> {
  const row = await reader.get<{ total: number | null }>(
    'SELECT sum(total) AS total FROM resource_count WHERE tenant_id = ? AND type = ?',
    [scope.tenantId, scope.type],
  );
  return Number(row?.total ?? 0);
}

const countMatches = (access: ReadAccess, part: CompiledPart): Promise<number> =>
  readTotal(access, sql`SELECT ${raw('count(*)')} AS total FROM resource r WHERE ${conditionOf(part)}`);

const countOf = ({ access }: List, segment: Segment): Promise<number> =>
  readTotal(access, segmentCount(segment));

async function readTotal({ scanner }: ReadAccess, statement: Fragment): Promise<number> {
  const [row] = await scanner.all<{ total: number }>(statement.text, statement.values);
  return Number(row?.total ?? 0);
}
