import { DefinitionError } from './definition-error.ts';
import {
  pathOf,
  readArray,
  readBoolean,
  readMembers,
  readText,
  requireText,
  requireUrn,
} from './definition-members.ts';
import { MAX_NAME, requireSchemas } from './definition-schema.ts';
import type { JsonValue } from './json.ts';
import type { ExtensionReference, TenantTypeDefinition } from './registry.ts';
import { RESOURCE_TYPE_SCHEMA } from './schemas/discovery.ts';

/** What RFC 7644 table 2 has at the root, beside resource types, in lower case. */
const RESERVED_ENDPOINTS = ['me', 'bulk', 'schemas', 'resourcetypes', 'serviceproviderconfig'];

/** Names that `meta.resourceType` has on the resources of discovery, in lower case. */
const RESERVED_NAMES = ['schema', 'resourcetype', 'serviceproviderconfig'];

const NAME = /^[a-z][a-z0-9_-]*$/i;
const ENDPOINT = /^\/[a-z0-9][a-z0-9._~-]*$/i;

const MAX_EXTENSIONS = 100;

/**
 * Reads a resource type as a tenant defines it, in the form in which `/ResourceTypes` publishes it (RFC 7643 section 6).
 *
 * @throws DefinitionError
 */
export function readResourceTypeDefinition(json: JsonValue): TenantTypeDefinition {
  const members = readMembers(json, [], 'A resource type', [
    ...['schemas', 'id', 'name', 'endpoint', 'description', 'schema', 'schemaExtensions', 'meta'],
  ]);
  requireSchemas(members, RESOURCE_TYPE_SCHEMA);
  const name = requireText(members, 'name', MAX_NAME);
  if (!NAME.test(name))
    throw new DefinitionError(
      pathOf(members, 'name'),
      'The name of a resource type is a letter, then letters, digits, "-" and "_".',
    );
  if (RESERVED_NAMES.includes(name.toLowerCase()))
    throw new DefinitionError(pathOf(members, 'name'), `The server itself has the resource type ${name}.`);
  const endpoint = requireText(members, 'endpoint', MAX_NAME);
  if (!ENDPOINT.test(endpoint))
    throw new DefinitionError(
      pathOf(members, 'endpoint'),
      '"endpoint" is one segment of a path behind a slash, such as /Devices, of letters, digits, ".", "_", "~" and "-".',
    );
  if (RESERVED_ENDPOINTS.includes(endpoint.slice(1).toLowerCase()))
    throw new DefinitionError(
      pathOf(members, 'endpoint'),
      `The server itself has the endpoint ${endpoint} (RFC 7644 section 3.2).`,
    );
  const schema = requireUrn(members, 'schema');
  const extensions = readExtensions(readArray(members, 'schemaExtensions') ?? [], schema);
  return { name, endpoint, description: readText(members, 'description') ?? '', schema, extensions };
}

function readExtensions(list: readonly JsonValue[], core: string): ExtensionReference[] {
  if (list.length > MAX_EXTENSIONS)
    throw new DefinitionError(['schemaExtensions'], `A type has at most ${MAX_EXTENSIONS} extensions.`);
  const seen = new Set<string>();
  return list.map((json, index) => {
    const members = readMembers(json, ['schemaExtensions', index], 'An extension', ['schema', 'required']);
    const schema = requireUrn(members, 'schema');
    const lower = schema.toLowerCase();
    if (lower === core.toLowerCase())
      throw new DefinitionError(pathOf(members, 'schema'), `${schema} would extend itself.`);
    if (seen.has(lower))
      throw new DefinitionError(pathOf(members, 'schema'), `The extension ${schema} is given twice.`);
    seen.add(lower);
    return { schema, required: readBoolean(members, 'required') ?? false };
  });
}
