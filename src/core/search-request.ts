import { invalidSyntax } from './error.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import type { ListParameters } from './list.ts';
import { checkMessageSchema, messageMember } from './message.ts';
import { readProjection } from './project.ts';
import type { Tolerance } from './tolerance.ts';

const SEARCH_REQUEST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

/**
 * Reads the body of a POST to `.search` (RFC 7644 section 3.4.3, RFC 9865 section 3).
 *
 * @throws ScimError 400 invalidSyntax
 */
export function decodeSearchRequest(body: JsonValue, tolerance: Tolerance): ListParameters {
  if (!isObject(body)) throw invalidSyntax('The request body must be a JSON object.');
  checkMessageSchema(body, SEARCH_REQUEST_SCHEMA, tolerance);
  const attributes = names(body, 'attributes');
  const excludedAttributes = names(body, 'excludedAttributes');
  return {
    filter: text(body, 'filter') || undefined,
    sortBy: text(body, 'sortBy') || undefined,
    sortOrder: text(body, 'sortOrder') || undefined,
    startIndex: number(body, 'startIndex'),
    count: number(body, 'count'),
    cursor: text(body, 'cursor'),
    projectionOf: (type) => readProjection(type, attributes, excludedAttributes),
  };
}

/** null and absence are one (RFC 7643 section 2.5). */
const member = (body: JsonObject, name: string): JsonValue | undefined =>
  messageMember(body, name.toLowerCase()) ?? undefined;

function text(body: JsonObject, name: string): string | undefined {
  const value = member(body, name);
  if (value !== undefined && typeof value !== 'string') throw invalidSyntax(`"${name}" must be a string.`);
  return value;
}

function number(body: JsonObject, name: string): string | undefined {
  const value = member(body, name);
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value)) throw invalidSyntax(`"${name}" must be an integer.`);
  return String(value);
}

function names(body: JsonObject, name: string): string[] | undefined {
  const value = member(body, name);
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw invalidSyntax(`"${name}" must be an array of strings.`);
  return value.length === 0 ? undefined : value;
}
