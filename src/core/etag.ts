import { invalidSyntax, ScimError } from './error.ts';

/** The entity tags of a header: all there are, or those listed, without the mark of weakness. */
type ETagList = '*' | readonly string[];

/** What a client wants to be true before its request is carried out (RFC 7644 section 3.14, RFC 9110 section 13.1). */
export interface Precondition {
  readonly ifMatch: ETagList | undefined;
  readonly ifNoneMatch: ETagList | undefined;
}

/** The weak ETag of a version (RFC 7644 section 3.14). */
export const etagOf = (version: number): string => `W/"${version}"`;

/**
 * Reads the headers `If-Match` and `If-None-Match`.
 *
 * @returns undefined when there is neither
 * @throws ScimError 400 invalidSyntax for what is not `*` or a list of entity tags
 */
export function readPrecondition(
  ifMatch: string | undefined,
  ifNoneMatch: string | undefined,
): Precondition | undefined {
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  return { ifMatch: readList('If-Match', ifMatch), ifNoneMatch: readList('If-None-Match', ifNoneMatch) };
}

const ETAG_LIST = /^(?:W\/)?"[!#-~\u0080-\u00ff]*"(?:\s*,\s*(?:W\/)?"[!#-~\u0080-\u00ff]*")*$/;
const OPAQUE_TAG = /"([^"]*)"/g;

function readList(header: string, text: string | undefined): ETagList | undefined {
  const list = text?.trim();
  if (list === undefined || list === '*') return list;
  if (!ETAG_LIST.test(list)) throw invalidSyntax(`${header} must be "*" or a list of ETags such as W/"3".`);
  return [...list.matchAll(OPAQUE_TAG)].map(([, tag]) => tag as string);
}

/** Versions are compared weakly: two tags are one when what stands in quotes is (RFC 9110 section 8.8.3.2). */
const lists = (list: ETagList, version: number): boolean => list === '*' || list.includes(String(version));

/**
 * Checks that a resource is in the state that a writing request was made for.
 *
 * @throws ScimError 412
 */
export function checkPrecondition(precondition: Precondition | undefined, version: number): void {
  if (precondition?.ifMatch !== undefined && !lists(precondition.ifMatch, version))
    throw new ScimError(412, `The resource has changed: its version is ${etagOf(version)} now.`);
  if (precondition?.ifNoneMatch !== undefined && lists(precondition.ifNoneMatch, version))
    throw new ScimError(412, `The resource has a version that the request rules out: ${etagOf(version)}.`);
}

/** Whether a reading client has this version already, so that 304 answers it. */
export const isKnownVersion = (precondition: Precondition | undefined, version: number): boolean =>
  precondition?.ifNoneMatch !== undefined && lists(precondition.ifNoneMatch, version);
