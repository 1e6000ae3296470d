import { badRequest, invalidValue, type ScimError } from './error.ts';
import type { Projection } from './project.ts';
import type { ResourceType } from './resource-type.ts';

export const LIST_RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** Resources on a page when the client names no number, and the most it gets. */
export const MAX_PAGE_SIZE = 1000;

/** How long a cursor can be used, in seconds (RFC 9865 section 4). */
export const CURSOR_TIMEOUT_S = 3600;

/** What a client asks of a list, in a URL or in a SearchRequest, as it was written; undefined: not given. */
export interface ListParameters {
  readonly filter: string | undefined;
  readonly sortBy: string | undefined;
  readonly sortOrder: string | undefined;
  readonly startIndex: string | undefined;
  readonly count: string | undefined;
  /** Empty for the first page of a list that is read by cursors (RFC 9865 section 2). */
  readonly cursor: string | undefined;
  /** What to show of the resources of a type. */
  readonly projectionOf: (type: ResourceType) => Projection | undefined;
}

/** A part of a result by its number (RFC 7644 section 3.4.2.4). */
export interface IndexPage {
  /** 1-based index of the first resource. */
  readonly startIndex: number;
  /** Number of resources, 0 to 1000. */
  readonly count: number;
}

/** A part of a result by the place that an earlier answer named (RFC 9865). */
export interface CursorPage {
  /** Empty: the first part. */
  readonly cursor: string;
  readonly count: number;
}

/**
 * Reads which page a client wants: a start below 1 is 1, a negative count is 0, one past the maximum is the maximum. With a
 * cursor `startIndex` says nothing.
 *
 * @throws ScimError 400 invalidValue for what is not an integer; with a cursor invalidCount
 */
export function readPage({
  startIndex,
  count,
  cursor,
}: Pick<ListParameters, 'startIndex' | 'count' | 'cursor'>): IndexPage | CursorPage {
  const invalid = cursor === undefined ? invalidValue : invalidCount;
  const size = clamp(readInteger('count', count, invalid) ?? MAX_PAGE_SIZE, 0, MAX_PAGE_SIZE);
  if (cursor !== undefined) return { cursor, count: size };
  const start = readInteger('startIndex', startIndex, invalidValue) ?? 1;
  return { startIndex: clamp(start, 1, Number.MAX_SAFE_INTEGER), count: size };
}

const invalidCount = (detail: string): ScimError => badRequest('invalidCount', detail);

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

function readInteger(
  name: string,
  text: string | undefined,
  invalid: (detail: string) => ScimError,
): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text.trim())) throw invalid(`${name} must be an integer.`);
  return Number(text);
}

/** How an answer says which part of the result it is. */
export type ListPlace =
  | Pick<IndexPage, 'startIndex'>
  | { readonly previousCursor: string | undefined; readonly nextCursor: string | undefined };

/** The text of a ListResponse around resources that are JSON text already. */
export function listResponseText(
  totalResults: number,
  place: ListPlace,
  resources: readonly string[],
): string {
  const { before, after } = listResponseFrame(totalResults, place, resources.length);
  return before + resources.join(',') + after;
}

/** What stands before and after the texts of the resources, which are joined by commas. */
export function listResponseFrame(
  totalResults: number,
  place: ListPlace,
  itemsPerPage: number,
): { before: string; after: string } {
  const fields = JSON.stringify({ itemsPerPage, ...place }).slice(1, -1);
  return {
    before: `{"schemas":["${LIST_RESPONSE_SCHEMA}"],"totalResults":${totalResults},${fields},"Resources":[`,
    after: ']}',
  };
}
