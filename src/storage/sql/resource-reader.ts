import type { Resource } from '../../core/resource.ts';
import type { ResourceType } from '../../core/resource-type.ts';
import { compareBySort, type Sort } from '../../core/sort.ts';
import { readDoc } from '../../core/stored.ts';
import type {
  ListedResource,
  ListQuery,
  Member,
  Reader,
  ReadResource,
  RelationQuery,
  ResourcePage,
} from '../storage.ts';
import { ANSWER_COLUMNS, type AnswerRow, membersPiece, relationColumn } from './answer-sql.ts';
import type { Executor, SqlDialect } from './engine.ts';
import { type BoundFilter, type FilterScope, SELECTIVITY } from './filter-scope.ts';
import { type CompiledFilter, compileFilter } from './filter-sql.ts';
import { type Fragment, joinFragments, raw, sql } from './fragment.ts';
import { sortedParts } from './sort-sql.ts';

/** Rows that a query may give on the event loop; more are read where they hold up nothing. */
const INLINE_ROWS = 20;

/** Members of a group that are put into an answer on the event loop. */
const INLINE_MEMBERS = 100;

/** Members of a larger group that are read at a time: about 320 KB. */
const MEMBERS_PER_PIECE = 2000;

/** Where the reader gets its rows: by key, and by queries that may be long. */
export interface ReaderSources {
  readonly dialect: SqlDialect;
  readonly reader: Executor;
  readonly scanner: Pick<Executor, 'all'>;
}

/** The reading half of the storage, over any SQL database. */
export function createReader(sources: ReaderSources): Reader {
  const { reader } = sources;
  return {
    getResource: (tenantId, type, id, relation) => getResource(sources, tenantId, type, id, relation),
    listResources: (tenantId, type, query) => listResources(sources, tenantId, type, query),

    async countMembers(tenantId, groupId, most) {
      const row = await reader.get<{ total: number }>(
        'SELECT count(*) AS total FROM (SELECT 1 FROM member WHERE tenant_id = ? AND group_id = ? LIMIT ?) m',
        [tenantId, groupId, most],
      );
      return Number(row?.total ?? 0);
    },

    async listMembers(tenantId, groupId, after, most) {
      const rows = await reader.all<{ member_id: string; member_type: string }>(
        `SELECT member_id, member_type FROM member
         WHERE tenant_id = ? AND group_id = ? AND member_id > ? ORDER BY member_id LIMIT ?`,
        [tenantId, groupId, after ?? '', most],
      );
      return rows.map((row): Member => ({ value: row.member_id, type: row.member_type }));
    },
  };
}

const GET_RESOURCE = `SELECT ${ANSWER_COLUMNS.text} FROM resource r WHERE r.tenant_id = ? AND r.type = ? AND r.id = ?`;

async function getResource(
  sources: ReaderSources,
  tenantId: string,
  type: string,
  id: string,
  relation: RelationQuery | undefined,
): Promise<ReadResource | undefined> {
  const { dialect, reader } = sources;
  const isLarge = relation?.kind === 'members' && (await hasManyMembers(reader, tenantId, id));
  if (relation === undefined || isLarge) {
    const found = readResource(await reader.get<AnswerRow>(GET_RESOURCE, [tenantId, type, id]));
    return found && relation ? { ...found, relation: memberPieces(sources, tenantId, id, relation) } : found;
  }
  const column = relationColumn(dialect, relation);
  const from = sql`FROM resource r WHERE r.tenant_id = ${tenantId} AND r.type = ${type} AND r.id = ${id}`;
  const query = sql`SELECT ${ANSWER_COLUMNS}, ${column} AS relation ${from}`;
  return readResource(await reader.get<AnswerRow>(query.text, query.values));
}

/** Reads the members of a large group piece by piece as they are sent, so that no answer is ever held as a whole. */
async function* memberPieces(
  { dialect, scanner }: ReaderSources,
  tenantId: string,
  groupId: string,
  query: RelationQuery,
): AsyncGenerator<Uint8Array> {
  let after = '';
  for (;;) {
    const piece = membersPiece(dialect, query, tenantId, groupId, after, MEMBERS_PER_PIECE);
    const [row] = await scanner.all<{ relation: Uint8Array; last: string | null }>(piece.text, piece.values);
    if (row === undefined || row.last === null) return;
    if (after !== '') yield COMMA;
    yield row.relation;
    after = row.last;
  }
}

const COMMA = Buffer.from(',');

async function hasManyMembers(reader: Executor, tenantId: string, groupId: string): Promise<boolean> {
  const row = await reader.get<{ many: number }>(
    'SELECT 1 AS many FROM member WHERE tenant_id = ? AND group_id = ? LIMIT 1 OFFSET ?',
    [tenantId, groupId, INLINE_MEMBERS],
  );
  return row !== undefined;
}

const readResource = (row: AnswerRow | undefined): ListedResource | undefined =>
  row && {
    id: row.id,
    doc: row.doc,
    version: Number(row.version),
    created: row.created,
    lastModified: row.last_modified,
    relation: row.relation ?? undefined,
  };

async function listResources(
  sources: ReaderSources,
  tenantId: string,
  resourceType: ResourceType,
  query: ListQuery,
): Promise<ResourcePage> {
  const { filter, startIndex, count } = query;
  const { name } = resourceType;
  const scope: FilterScope = { dialect: sources.dialect, tenantId, type: name, resourceType };
  const compiled = filter && compileFilter(scope, filter);
  const list: List = { sources, scope, tenantId, type: name, query, compiled };
  return (await fewResources(list)) ?? pageOf(list, startIndex, count);
}

interface List {
  readonly sources: ReaderSources;
  readonly scope: FilterScope;
  readonly tenantId: string;
  readonly type: string;
  readonly query: ListQuery;
  readonly compiled: CompiledFilter | undefined;
}

/** What a lookup by a name or an id finds, read at once; undefined when there may be many. */
async function fewResources(list: List): Promise<ResourcePage | undefined> {
  const { compiled, query, sources } = list;
  const isLookup = compiled !== undefined && compiled.selectivity <= SELECTIVITY.equal;
  if (!isLookup || query.startIndex > 1 || query.relation?.kind === 'members') return undefined;
  // SQLite plans a statement anew for each value of a LIMIT, and for all values when there is an ORDER BY to look for an
  // index for, which takes longer than the lookup: so the limit is text, and the few rows are put in order here
  const statement = sql`SELECT ${answerColumns(list)} FROM resource r WHERE ${scopeOf(list)}
    LIMIT ${raw(String(INLINE_ROWS + 1))}`;
  const rows = await sources.reader.all<AnswerRow>(statement.text, statement.values);
  if (rows.length > INLINE_ROWS) return undefined;
  sortRows(rows, query.sort);
  return {
    totalResults: rows.length,
    resources: rows.slice(0, query.count).map((row) => readResource(row) as ListedResource),
  };
}

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

async function pageOf(list: List, startIndex: number, count: number): Promise<ResourcePage> {
  const { sort } = list.query;
  const read = sort === undefined ? readPage : readSortedPage;
  const resources = count === 0 ? [] : await read(list, startIndex, count);
  // a page that is not full shows how many there are
  const isLast = count > 0 && resources.length < count && (resources.length > 0 || startIndex === 1);
  return { totalResults: isLast ? startIndex - 1 + resources.length : await total(list), resources };
}

/** Ids first, from an index alone; only then the documents of the page. */
async function readPage(list: List, startIndex: number, count: number): Promise<ListedResource[]> {
  const { tenantId, type, sources } = list;
  const ids = sql`SELECT r.id FROM resource r WHERE ${scopeOf(list)} ORDER BY r.id LIMIT ${count} OFFSET ${startIndex - 1}`;
  // CROSS JOIN, because SQLite takes it as the order in which to join
  const statement = sql`SELECT ${answerColumns(list)} FROM (${ids}) p CROSS JOIN resource r
    WHERE r.tenant_id = ${tenantId} AND r.type = ${type} AND r.id = p.id ORDER BY p.id`;
  const rows = await sources.scanner.all<AnswerRow>(statement.text, statement.values);
  return rows.map((row) => readResource(row) as ListedResource);
}

/** The page's ids from the parts of the sorted list, then its documents. */
async function readSortedPage(list: List, startIndex: number, count: number): Promise<ListedResource[]> {
  const { scanner } = list.sources;
  const ids: string[] = [];
  let offset = startIndex - 1;
  for (const part of sortedParts(list.scope, list.query.sort as Sort, scopeOf(list))) {
    const page = sql`${part.ids} LIMIT ${count - ids.length} OFFSET ${offset}`;
    const found = await scanner.all<{ id: string }>(page.text, page.values);
    ids.push(...found.map(({ id }) => id));
    if (ids.length === count) break;
    if (offset > 0 && found.length === 0) {
      const [row] = await scanner.all<{ total: number }>(part.count.text, part.count.values);
      offset -= Number(row?.total ?? 0);
    } else {
      offset = 0;
    }
  }
  return readInOrder(list, ids);
}

async function readInOrder(list: List, ids: readonly string[]): Promise<ListedResource[]> {
  if (ids.length === 0) return [];
  const { tenantId, type, sources } = list;
  const named = joinFragments(
    ids.map((id) => sql`${id}`),
    ', ',
  );
  const statement = sql`SELECT ${answerColumns(list)} FROM resource r
    WHERE r.tenant_id = ${tenantId} AND r.type = ${type} AND r.id IN (${named})`;
  const rows = await sources.scanner.all<AnswerRow>(statement.text, statement.values);
  const byId = new Map(rows.map((row) => [row.id, row]));
  // one that was deleted between the two queries is left out
  return ids.flatMap((id) => readResource(byId.get(id)) ?? []);
}

function answerColumns({ query, sources }: List): Fragment {
  if (query.relation === undefined) return ANSWER_COLUMNS;
  return sql`${ANSWER_COLUMNS}, ${relationColumn(sources.dialect, query.relation)} AS relation`;
}

function scopeOf({ tenantId, type, compiled }: List): Fragment {
  const scope = sql`r.tenant_id = ${tenantId} AND r.type = ${type}`;
  return compiled === undefined ? scope : sql`${scope} AND ${compiled.where}`;
}

async function total(list: List): Promise<number> {
  const { filter } = list.query;
  if (filter === undefined) return countAll(list);
  const positive = positiveOf(filter);
  if (positive === undefined) return countMatches(list);
  // a complement is counted by what it leaves out, which an index finds
  return (
    (await countAll(list)) - (await countMatches({ ...list, compiled: compileFilter(list.scope, positive) }))
  );
}

function positiveOf(filter: BoundFilter): BoundFilter | undefined {
  if (filter.kind === 'not') return filter.filter;
  return filter.kind === 'compare' && filter.operator === 'ne' ? { ...filter, operator: 'eq' } : undefined;
}

async function countAll({ sources, tenantId, type }: List): Promise<number> {
  const row = await sources.reader.get<{ total: number | null }>(
    'SELECT sum(total) AS total FROM resource_count WHERE tenant_id = ? AND type = ?',
    [tenantId, type],
  );
  return Number(row?.total ?? 0);
}

async function countMatches(list: List): Promise<number> {
  const statement = sql`SELECT ${raw('count(*)')} AS total FROM resource r WHERE ${scopeOf(list)}`;
  const [row] = await list.sources.scanner.all<{ total: number }>(statement.text, statement.values);
  return Number(row?.total ?? 0);
}
