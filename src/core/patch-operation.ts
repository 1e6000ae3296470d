import { badRequest, invalidSyntax } from './error.ts';
import { isObject, type JsonValue } from './json.ts';
import { checkMessageSchema, messageMember } from './message.ts';
import { type PatchPath, parsePatchPath } from './patch-path.ts';
import { shorten } from './path.ts';
import type { ResourceType } from './resource-type.ts';
import type { Tolerance } from './tolerance.ts';

export const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Most operations in one PATCH request. */
export const MAX_PATCH_OPERATIONS = 2000;

/** One operation of a PATCH request (RFC 7644 section 3.5.2), its path found in the schema. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  /** undefined: the resource itself is the target. */
  readonly path: PatchPath | undefined;
  /** undefined: the request has no `value`. */
  readonly value: JsonValue | undefined;
}

/**
 * Reads the body of a PATCH request.
 *
 * @throws ScimError 400 invalidSyntax, invalidPath or tooMany
 */
export function decodePatch(type: ResourceType, body: JsonValue, tolerance: Tolerance): PatchOperation[] {
  if (!isObject(body)) throw invalidSyntax('The request body must be a JSON object.');
  checkMessageSchema(body, PATCH_SCHEMA, tolerance);
  const operations = messageMember(body, 'operations');
  if (!Array.isArray(operations)) throw invalidSyntax('"Operations" must be an array.');
  if (operations.length === 0 && !tolerance.accept('empty-operations'))
    throw invalidSyntax('"Operations" must hold at least one operation.');
  if (operations.length > MAX_PATCH_OPERATIONS)
    throw badRequest('tooMany', `"Operations" holds more than ${MAX_PATCH_OPERATIONS} operations.`);
  return operations.map((operation) => decodeOperation(type, operation, tolerance));
}

function decodeOperation(type: ResourceType, json: JsonValue, tolerance: Tolerance): PatchOperation {
  if (!isObject(json)) throw invalidSyntax('An operation must be an object.');
  const op = decodeName(messageMember(json, 'op'), tolerance);
  const path = messageMember(json, 'path');
  const value = messageMember(json, 'value');
  if (path === undefined || path === null || path === '') {
    if (op === 'remove') throw badRequest('noTarget', 'A remove operation needs a "path".');
    return { op, path: undefined, value };
  }
  if (typeof path !== 'string') throw badRequest('invalidPath', '"path" must be a string.');
  return { op, path: parsePatchPath(type, path, tolerance), value };
}

function decodeName(name: JsonValue | undefined, tolerance: Tolerance): PatchOperation['op'] {
  const wanted = typeof name === 'string' ? name : '';
  const lower = wanted.toLowerCase();
  if (lower !== 'add' && lower !== 'replace' && lower !== 'remove')
    throw invalidSyntax(`"op" must be add, replace or remove, not "${shorten(wanted)}".`);
  if (lower !== wanted && !tolerance.accept('operation-name-case'))
    throw invalidSyntax(`"op" must be in lower case: ${lower}.`);
  return lower;
}
