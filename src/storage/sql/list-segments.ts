import type { ListPart, Position } from '../storage.ts';
import type { FilterScope } from './filter-scope.ts';
import type { CompiledFilter } from './filter-sql.ts';
import { type Fragment, joinFragments, raw, sql } from './fragment.ts';
import { type Stream, sortedStreams, streamById } from './sort-sql.ts';

/** A part of a list with its filter compiled. */
export interface CompiledPart extends ListPart {
  readonly number: number;
  readonly scope: FilterScope;
  readonly compiled: CompiledFilter | undefined;
}

/**
 * A stretch of a list that one statement reads: one stream, or several merged by key and id. A list is its segments one
 * after the other.
 */
export interface Segment {
  readonly streams: readonly PartStream[];
  readonly descending: boolean;
}

interface PartStream extends Stream {
  readonly part: CompiledPart;
}

/** The condition on `resource r` of what a part takes in. */
export function conditionOf({ scope, compiled }: CompiledPart): Fragment {
  const own = sql`r.tenant_id = ${scope.tenantId} AND r.type = ${scope.type}`;
  return compiled === undefined ? own : sql`${own} AND ${compiled.where}`;
}

/**
 * The segments of a list. One that is not sorted goes part by part; a sorted one has the resources with a value, merged
 * over all parts, before or after those without (RFC 7644 section 3.4.2.3).
 */
export function segmentsOf(parts: readonly CompiledPart[]): Segment[] {
  const sort = parts.find((part) => part.sort !== undefined)?.sort;
  const descending = sort?.descending ?? false;
  const present: PartStream[] = [];
  const others: PartStream[] = [];
  for (const part of parts) {
    if (part.sort === undefined) {
      others.push({ ...streamById(conditionOf(part)), part });
      continue;
    }
    const streams = sortedStreams(part.scope, part.sort, conditionOf(part));
    present.push({ ...streams.present, part });
    if (streams.absent !== undefined) others.push({ ...streams.absent, part });
  }
  const segments = others.map((stream): Segment => ({ streams: [stream], descending }));
  if (present.length === 0) return segments;
  const merged: Segment = { streams: present, descending };
  return descending ? [...segments, merged] : [merged, ...segments];
}

/** From where to read in a segment, and which way; without a position from its beginning or its end. */
export interface Seek {
  readonly position: Position | undefined;
  readonly direction: 'after' | 'before';
}

export interface SegmentRow {
  readonly part: number;
  readonly id: string;
  readonly key: string;
}

/** Whether a segment read in the direction of the seek goes from high keys to low ones. */
export const goesDown = ({ descending }: Segment, { direction }: Seek): boolean =>
  descending !== (direction === 'before');

/** A query for the rows of a segment in the order that the seek asks for: `part`, `id` and `key`. */
export function segmentRows(segment: Segment, seek: Seek, count: number, offset: number): Fragment {
  const isDescending = goesDown(segment, seek);
  const direction = raw(isDescending ? 'DESC' : 'ASC');
  const limit = sql`LIMIT ${count} OFFSET ${offset}`;
  const [only, ...more] = segment.streams;
  if (only !== undefined && more.length === 0) {
    const order = only.key === undefined ? raw('') : sql`${only.key} ${direction}, `;
    return sql`${streamRows(only, seek, isDescending)} ORDER BY ${order}${only.id} ${direction} ${limit}`;
  }
  const union = joinFragments(
    segment.streams.map((stream) => streamRows(stream, seek, isDescending)),
    ' UNION ALL ',
  );
  return sql`${union} ORDER BY key ${direction}, id ${direction} ${limit}`;
}

/** A query for the number of rows in a segment. */
export const segmentCount = ({ streams }: Segment): Fragment =>
  sql`SELECT ${joinFragments(
    streams.map(({ from }) => sql`(SELECT count(*) ${from})`),
    ' + ',
  )} AS total`;

function streamRows(stream: PartStream, { position }: Seek, isDescending: boolean): Fragment {
  const seek = position === undefined ? raw('') : sql` AND ${behind(stream, position, isDescending)}`;
  const { number } = stream.part;
  return sql`SELECT ${raw(String(number))} AS part, ${stream.id} AS id, ${stream.key ?? raw(`''`)} AS key
    ${stream.from}${seek}`;
}

/** The rows of a stream that come after a position, in the order of key and id. */
function behind({ id, key }: Stream, position: Position, isDescending: boolean): Fragment {
  const sign = raw(isDescending ? '<' : '>');
  return key === undefined
    ? sql`${id} ${sign} ${position.id}`
    : sql`(${key}, ${id}) ${sign} (${position.key}, ${position.id})`;
}
