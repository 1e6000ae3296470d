import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeResource } from '../../../src/core/decode.ts';
import { copyJson, isObject, type JsonObject, type JsonValue } from '../../../src/core/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../../src/core/registry.ts';
import { eachAttribute, type Resource, setAttribute } from '../../../src/core/resource.ts';
import type { ResourceType } from '../../../src/core/resource-type.ts';
import { SAP_USER_SCHEMA } from '../../../src/core/schemas/sap-user.ts';
import { docText } from '../../../src/core/stored.ts';
import { answerText1 } from '../../../src/core/v1/answer.ts';
import { decodeBody1 } from '../../../src/core/v1/body.ts';
import { strict } from '../fixtures.ts';
import { arbitraryResource } from '../generators.ts';

/** What 1.1 can say of a resource: no empty text where a value is single, no references, nothing that the server gives. */
function sayable(type: ResourceType, resource: Resource): Resource {
  const copy = copyJson(resource);
  delete copy[SAP_USER_SCHEMA];
  eachAttribute(type, resource, (attribute, value, extension) => {
    if (attribute.name === 'schemas' || attribute.multiValued) return;
    if (extension?.schema.id === SAP_USER_SCHEMA) return;
    setAttribute(copy, extension, attribute, withoutEmpty(value));
  });
  return copy;
}

function withoutEmpty(value: JsonValue): JsonValue | undefined {
  if (!isObject(value)) return value === '' ? undefined : value;
  const kept = Object.entries(value).filter(([name, part]) => name !== '$ref' && part !== '');
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** The resource after a client of 1.1 has put back what it was shown. */
function throughVersion1(type: ResourceType, resource: Resource): Resource {
  const stored = {
    ...{ id: 'r1', doc: docText(type, 'r1', resource), version: 1 },
    ...{ created: '2015-04-30T10:18:33', lastModified: '2015-04-30T10:18:33' },
  };
  const location = 'https://localhost:9443/wso2/scim/Users/r1';
  const { before, after } = answerText1(type, stored, location, undefined, undefined, { storeNames: [] });
  const shown = JSON.parse(before + after) as JsonObject;
  if (type === GROUP_TYPE) shown.displayName = String(shown.displayName).replace('PRIMARY/', '');
  return decodeResource(type, decodeBody1(type, shown), strict());
}

test.each([USER_TYPE, GROUP_TYPE])('$name: 2.0 -> 1.1 -> 2.0 loses nothing that 1.1 can say', (type) => {
  fc.assert(
    fc.property(arbitraryResource(type), (resource) => {
      const expected = sayable(type, resource);
      expect(docText(type, 'r1', throughVersion1(type, resource))).toBe(docText(type, 'r1', expected));
    }),
    { numRuns: 300 },
  );
});
