import { invalidValue } from './error.ts';

export const LIST_RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** Resources on a page when the client names no number, and the most it gets. */
export const MAX_PAGE_SIZE = 1000;

/** Which part of a result a client wants (RFC 7644 section 3.4.2.4). */
export interface Page {
  /** 1-based index of the first resource. */
  readonly startIndex: number;
  /** Number of resources, 0 to 1000. */
  readonly count: number;
}

/**
 * Reads `startIndex` and `count`: a start below 1 is 1, a negative count is 0, one past the maximum is the maximum.
 *
 * @throws ScimError 400 invalidValue for what is not an integer
 */
export function readPage(startIndex: string | undefined, count: string | undefined): Page {
  return {
    startIndex: clamp(readInteger('startIndex', startIndex) ?? 1, 1, Number.MAX_SAFE_INTEGER),
    count: clamp(readInteger('count', count) ?? MAX_PAGE_SIZE, 0, MAX_PAGE_SIZE),
  };
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

function readInteger(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text.trim())) throw invalidValue(`${name} must be an integer.`);
  return Number(text);
}

/** The text of a ListResponse around resources that are JSON text already. */
export function listResponseText(
  totalResults: number,
  startIndex: number,
  resources: readonly string[],
): string {
  return `{"schemas":["${LIST_RESPONSE_SCHEMA}"],"totalResults":${totalResults},"itemsPerPage":${resources.length},"startIndex":${startIndex},"Resources":[${resources.join(',')}]}`;
}
