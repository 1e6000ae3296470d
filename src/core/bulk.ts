import { invalidSyntax, invalidValue, ScimError } from './error.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue } from './json.ts';
import { checkMessageSchema, messageMember } from './message.ts';
import { MAX_PATH_LENGTH } from './patch-path.ts';
import { shorten } from './path.ts';
import type { Tolerance } from './tolerance.ts';

const BULK_REQUEST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const BULK_RESPONSE_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

/** Most operations in one request, and most bytes of it (RFC 7644 section 3.7.4). */
export const MAX_BULK_OPERATIONS = 1000;
export const MAX_BULK_BYTES = 16 * 1024 * 1024;

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
type BulkMethod = (typeof METHODS)[number];

/** One operation of a Bulk request, as far as it could be read: what its answer repeats. */
export interface BulkOperation {
  readonly method: BulkMethod | undefined;
  readonly bulkId: string | undefined;
  /** What to do, or why it can't be done. */
  readonly request: BulkRequest | ScimError;
}

export interface BulkOperations {
  readonly operations: readonly BulkOperation[];
  /** The number of errors after which no other operation is carried out; undefined: any number is accepted. */
  readonly failOnErrors: number | undefined;
}

/** An operation that is well-formed. Its strings may still be references to operations of the same request. */
export interface BulkRequest {
  readonly method: BulkMethod;
  /** The endpoint of a resource type, `/Users`. */
  readonly endpoint: string;
  /** undefined for POST. */
  readonly id: string | undefined;
  /** The ETag that the resource must have. */
  readonly version: string | undefined;
  /** null for DELETE. */
  readonly data: JsonValue;
}

/**
 * Reads the body of a Bulk request (RFC 7644 section 3.7). What is wrong with one operation is told in its place.
 *
 * @throws ScimError 400 invalidSyntax when it is no Bulk request, 413 when it has too many operations
 */
export function decodeBulk(body: JsonValue, tolerance: Tolerance): BulkOperations {
  if (!isObject(body)) throw invalidSyntax('The request body must be a JSON object.');
  checkMessageSchema(body, BULK_REQUEST_SCHEMA, tolerance);
  const failOnErrors = messageMember(body, 'failonerrors') ?? undefined;
  if (failOnErrors !== undefined && !(Number.isSafeInteger(failOnErrors) && Number(failOnErrors) >= 0))
    throw invalidSyntax('"failOnErrors" must be a number of errors.');
  const operations = messageMember(body, 'operations');
  if (!Array.isArray(operations)) throw invalidSyntax('"Operations" must be an array.');
  if (operations.length > MAX_BULK_OPERATIONS)
    throw new ScimError(413, `"Operations" holds more than ${MAX_BULK_OPERATIONS} operations.`);
  const bulkIds = new Set<string>();
  return {
    operations: operations.map((operation) => decodeOperation(operation, bulkIds)),
    // no number of errors is too many when none is named
    failOnErrors: Number(failOnErrors ?? 0) || undefined,
  };
}

/** The BulkResponse around the outcomes of operations (RFC 7644 section 3.7.3). */
export const bulkResponse = (operations: JsonObject[]): JsonObject => ({
  schemas: [BULK_RESPONSE_SCHEMA],
  Operations: operations,
});

function decodeOperation(json: JsonValue, bulkIds: Set<string>): BulkOperation {
  const operation = isObject(json) ? json : emptyObject();
  const bulkId = attempt(() => text(operation, 'bulkId'));
  const method = attempt(() => methodOf(operation));
  const request = attempt(() => {
    if (!isObject(json)) throw invalidSyntax('An operation must be an object.');
    return requestOf(operation, orThrow(method), orThrow(bulkId), bulkIds);
  });
  return {
    method: method instanceof ScimError ? undefined : method,
    bulkId: bulkId instanceof ScimError ? undefined : bulkId,
    request,
  };
}

/** What the work gives, or the error that it ends with. */
export function attempt<T>(work: () => T): T | ScimError {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
}

function orThrow<T>(value: T | ScimError): T {
  if (value instanceof ScimError) throw value;
  return value;
}

function methodOf(operation: JsonObject): BulkMethod {
  const name = text(operation, 'method');
  const method = METHODS.find((known) => known === name);
  if (method === undefined) throw invalidSyntax('"method" must be POST, PUT, PATCH or DELETE.');
  return method;
}

function requestOf(
  operation: JsonObject,
  method: BulkMethod,
  bulkId: string | undefined,
  bulkIds: Set<string>,
): BulkRequest {
  const { endpoint, id } = decodePath(text(operation, 'path'), method);
  if (method === 'POST') {
    if (!bulkId) throw invalidSyntax('A POST operation needs a "bulkId".');
    if (bulkIds.has(bulkId)) throw invalidValue('Another operation has the same "bulkId".');
    bulkIds.add(bulkId);
  }
  const data = messageMember(operation, 'data') ?? null;
  if (method !== 'DELETE' && !isObject(data))
    throw invalidSyntax(`A ${method} operation needs "data", an object.`);
  return { method, endpoint, id, version: text(operation, 'version'), data };
}

/** Endpoints and ids as they are in URLs; no query, no other server, no Bulk within Bulk. */
const PATH = /^(\/[A-Za-z0-9][\w.~-]*)(?:\/([^/?#\s]+))?$/;

function decodePath(
  path: string | undefined,
  method: BulkMethod,
): { endpoint: string; id: string | undefined } {
  const [, endpoint, id] = PATH.exec(path ?? '') ?? [];
  if (endpoint === undefined || (id === undefined) !== (method === 'POST'))
    throw invalidValue(
      method === 'POST'
        ? '"path" must be the endpoint of a resource type, such as /Users.'
        : '"path" must be that of a resource, such as /Users/2819c223.',
    );
  return { endpoint, id };
}

function text(operation: JsonObject, name: string): string | undefined {
  const value = messageMember(operation, name.toLowerCase()) ?? undefined;
  if (value !== undefined && typeof value !== 'string') throw invalidSyntax(`"${name}" must be a string.`);
  return value;
}

/** A reference to what another operation creates (RFC 7644 section 3.7.2): as a whole value, or in quotes in a path. */
const REFERENCE = /^bulkId:(.+)$/s;
/** A text in quotes, or one whose quotes never close: each character is looked at once. */
const QUOTED = /"((?:[^"\\]|\\.?)*)("|$)/gs;

/** The bulkIds that an operation refers to. */
export function bulkIdsIn({ id, data }: BulkRequest): Set<string> {
  const found = new Set<string>();
  replaceReferences({ id: id ?? null, data }, (bulkId) => {
    found.add(bulkId);
    return '';
  });
  return found;
}

/**
 * The operation with its references replaced by ids.
 *
 * @throws ScimError 400 invalidValue for a reference to no operation
 */
export function resolveReferences(request: BulkRequest, ids: ReadonlyMap<string, string>): BulkRequest {
  const idOf = (bulkId: string): string => {
    const id = ids.get(bulkId);
    if (id === undefined) throw invalidValue(`No operation has the bulkId "${shorten(bulkId)}".`);
    return id;
  };
  const { id, data } = replaceReferences({ id: request.id ?? null, data: request.data }, idOf) as JsonObject;
  return { ...request, id: (id as string | null) ?? undefined, data: data as JsonValue };
}

function replaceReferences(value: JsonValue, idOf: (bulkId: string) => string, name = ''): JsonValue {
  if (typeof value === 'string') return replaceInText(value, idOf, name.toLowerCase() === 'path');
  if (Array.isArray(value)) return value.map((item) => replaceReferences(item, idOf));
  if (!isObject(value)) return value;
  const replaced = emptyObject();
  for (const key of Object.keys(value)) replaced[key] = replaceReferences(value[key] as JsonValue, idOf, key);
  return replaced;
}

/** Only paths have filters in them, which are refused when they are too long; in other texts quotes are text. */
function replaceInText(text: string, idOf: (bulkId: string) => string, isPath: boolean): string {
  const whole = REFERENCE.exec(text)?.[1];
  if (whole !== undefined) return idOf(whole);
  if (!isPath || text.length > MAX_PATH_LENGTH) return text;
  return text.replaceAll(QUOTED, (quoted, inner: string, end: string) => {
    const bulkId = end === '' ? undefined : REFERENCE.exec(inner)?.[1];
    return bulkId === undefined ? quoted : `"${idOf(bulkId)}"`;
  });
}
