import { invalidSyntax } from './error.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Tolerance } from './tolerance.ts';

/**
 * A member of a message body. Attribute names compare without case (RFC 7643 section 2.1), those of messages too; each
 * may occur once.
 *
 * @param lowerName its name in lower case
 * @returns undefined when it is absent
 * @throws ScimError 400 invalidSyntax when it is given twice
 */
export function messageMember(body: JsonObject, lowerName: string): JsonValue | undefined {
  const [key, another] = Object.keys(body).filter((name) => name.toLowerCase() === lowerName);
  if (another !== undefined) throw invalidSyntax(`"${lowerName}" is given twice.`);
  return key === undefined ? undefined : body[key];
}

/**
 * Checks that `schemas` of a message (PatchOp, SearchRequest, BulkRequest) names it: RFC 7644 sections 3.5.2, 3.4.3
 * and 3.7.
 *
 * @throws ScimError 400 invalidSyntax, unless the deviation is accepted
 * @example checkMessageSchema(body, PATCH_SCHEMA, tolerance)
 */
export function checkMessageSchema(body: JsonObject, urn: string, tolerance: Tolerance): void {
  const schemas = messageMember(body, 'schemas');
  const lower = urn.toLowerCase();
  const isNamed =
    Array.isArray(schemas) &&
    schemas.some((schema) => typeof schema === 'string' && schema.toLowerCase() === lower);
  if (!isNamed && !tolerance.accept('message-schema-missing'))
    throw invalidSyntax(`"schemas" must hold ${urn}.`);
}
