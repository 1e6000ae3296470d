import { attempt, type BulkOperation, type BulkRequest, decodeBulk } from '../bulk.ts';
import { notFound, ScimError } from '../error.ts';
import { emptyObject, isObject, type JsonObject, type JsonValue } from '../json.ts';
import { type Registry, resourceTypeAt } from '../registry.ts';
import { toleranceOf } from '../tolerance.ts';
import { decodeBody1 } from './body.ts';
import { CORE_SCHEMA_1 } from './names.ts';
import { decodePatch1 } from './patch.ts';
import { storeNaming } from './store-naming.ts';

/**
 * Reads the body of a Bulk request of SCIM 1.1 (REST API 1.1 section 3.5), the data of its operations in the form of 2.0.
 * What is wrong with one operation is told in its place.
 *
 * @throws ScimError 400 invalidSyntax when it is no Bulk request, 413 when it has too many operations
 */
export function decodeBulk1(registry: Registry, body: JsonValue): ReturnType<typeof decodeBulk> {
  const { operations, failOnErrors } = decodeBulk(body, toleranceOf('standard'));
  const created = new Set(
    operations.flatMap(({ method, bulkId }) => (method === 'POST' && bulkId !== undefined ? [bulkId] : [])),
  );
  return {
    operations: operations.map((operation): BulkOperation => {
      const { request } = operation;
      if (request instanceof ScimError) return operation;
      return { ...operation, request: attempt(() => requestIn2(registry, request, created)) };
    }),
    failOnErrors,
  };
}

function requestIn2(registry: Registry, request: BulkRequest, created: ReadonlySet<string>): BulkRequest {
  const { method, endpoint, id } = request;
  const type = resourceTypeAt(registry, endpoint);
  if (type === undefined || storeNaming(type) === undefined)
    throw notFound(`There is no endpoint ${endpoint}.`);
  const named = withBulkIds({ id: id ?? null, data: request.data }, created) as JsonObject;
  const data = named.data as JsonValue;
  const resource = { ...request, id: (named.id as string | null) ?? undefined };
  if (method === 'DELETE') return { ...resource, data: null };
  return { ...resource, data: method === 'PATCH' ? decodePatch1(type, data) : decodeBody1(type, data) };
}

const OLD_REFERENCE = /^batchId:(.+)$/is;

/** `batchId:` is what references of earlier drafts begin with; other texts that do are left alone. */
function withBulkIds(value: JsonValue, created: ReadonlySet<string>): JsonValue {
  if (typeof value === 'string') {
    const bulkId = OLD_REFERENCE.exec(value)?.[1];
    return bulkId !== undefined && created.has(bulkId) ? `bulkId:${bulkId}` : value;
  }
  if (Array.isArray(value)) return value.map((item) => withBulkIds(item, created));
  if (!isObject(value)) return value;
  const replaced = emptyObject();
  for (const key of Object.keys(value)) replaced[key] = withBulkIds(value[key] as JsonValue, created);
  return replaced;
}

/**
 * The answer to a Bulk request of SCIM 1.1.
 *
 * @param operations the answers to its operations as 2.0 has them
 */
export const bulkResponse1 = (operations: readonly JsonObject[]): JsonObject => ({
  schemas: [CORE_SCHEMA_1],
  Operations: operations.map(answerIn1),
});

function answerIn1({ location, method, bulkId, status, response }: JsonObject): JsonObject {
  // a deletion has no content in 2.0 and an empty one in 1.1
  const code = status === '204' ? '200' : (status as string);
  const description = isObject(response) ? response.detail : undefined;
  return {
    status: { code, ...(description !== undefined && { description }) },
    ...(location !== undefined && { location }),
    ...(method !== undefined && { method }),
    ...(bulkId !== undefined && { bulkId }),
  };
}
