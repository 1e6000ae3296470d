import { decodeResource } from '../../src/core/decode.ts';
import { ScimError } from '../../src/core/error.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { applyPatch, type Patched } from '../../src/core/patch.ts';
import { decodePatch, PATCH_SCHEMA } from '../../src/core/patch-operation.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import type { Resource } from '../../src/core/resource.ts';
import { compileResourceType, type ResourceType } from '../../src/core/resource-type.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { GROUP_SCHEMA } from '../../src/core/schemas/group.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { type Dialect, type Tolerance, toleranceOf } from '../../src/core/tolerance.ts';

export const DEVICE_SCHEMA = 'urn:example:params:scim:schemas:core:2.0:Device';
export const LEASE_SCHEMA = 'urn:example:params:scim:schemas:extension:lease:2.0:Device';

/** A resource type with the attribute types and characteristics that User and Group leave out. */
export const DEVICE_TYPE: ResourceType = compileResourceType({
  name: 'Device',
  endpoint: '/Devices',
  description: 'Device',
  schema: {
    id: DEVICE_SCHEMA,
    alias: '',
    name: 'Device',
    description: 'Device',
    attributes: [
      { name: 'serial', required: true, caseExact: true, mutability: 'immutable' },
      { name: 'label' },
      { name: 'ports', type: 'integer', multiValued: true },
      { name: 'weight', type: 'decimal' },
      { name: 'bought', type: 'dateTime' },
      { name: 'key', type: 'binary' },
      { name: 'tags', multiValued: true, required: true },
      { name: 'secret', mutability: 'writeOnly', returned: 'never' },
      { name: 'notes', returned: 'request' },
      { name: 'assetTag', returned: 'always' },
      { name: 'state', mutability: 'readOnly' },
      {
        name: 'owner',
        type: 'complex',
        subAttributes: [
          { name: 'value', required: true },
          { name: 'display' },
          { name: 'since', mutability: 'immutable' },
          { name: 'pin', returned: 'never' },
          { name: 'extra', returned: 'request' },
          { name: 'kind', returned: 'always' },
        ],
      },
      {
        name: 'sites',
        type: 'complex',
        multiValued: true,
        subAttributes: [
          { name: 'value', required: true },
          { name: 'codes', multiValued: true },
          { name: 'type' },
          { name: 'primary', type: 'boolean' },
        ],
      },
    ],
  },
  extensions: [
    {
      required: true,
      schema: {
        id: LEASE_SCHEMA,
        alias: 'lease',
        name: 'Lease',
        description: 'Lease',
        attributes: [
          { name: 'lessor', required: true },
          { name: 'until', type: 'dateTime' },
          { name: 'contract', mutability: 'readOnly' },
        ],
      },
    },
  ],
});

export const strict = (): Tolerance => toleranceOf('strict');
export const standard = (): Tolerance => toleranceOf('standard');

/** The error with which `action` is refused; anything but a ScimError fails the test. */
export function refusal(action: () => unknown): ScimError {
  try {
    action();
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
  throw new Error('accepted, but should have been refused');
}

/** What matters of a refusal: `400 invalidValue`. */
export function refused(action: () => unknown): string {
  const { status, scimType } = refusal(action);
  return `${status} ${scimType}`;
}

/** Freezes a value throughout, so that whoever writes to it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/** A User as decoded from a strict client's body. */
export const user = (attributes: JsonObject = {}): Resource =>
  decodeResource(
    USER_TYPE,
    { schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA], userName: 'bjensen', ...attributes },
    strict(),
  );

export const group = (attributes: JsonObject = {}): Resource =>
  decodeResource(
    GROUP_TYPE,
    { schemas: [GROUP_SCHEMA], displayName: 'Tour Guides', ...attributes },
    strict(),
  );

export const device = (attributes: JsonObject = {}): Resource =>
  decodeResource(
    DEVICE_TYPE,
    {
      schemas: [DEVICE_SCHEMA, LEASE_SCHEMA],
      serial: 'S-1',
      tags: ['new'],
      [LEASE_SCHEMA]: { lessor: 'Acme' },
      ...attributes,
    },
    strict(),
  );

/** One PATCH operation in JSON; `value` may be anything. */
export interface OperationJson {
  readonly op: string;
  readonly path?: string;
  readonly value?: JsonValue;
}

export const patchBody = (...operations: OperationJson[]): JsonObject => ({
  schemas: [PATCH_SCHEMA],
  Operations: operations.map((operation) => ({ ...operation }) as JsonObject),
});

/** A PATCH from its JSON to its outcome. */
export function patch(
  type: ResourceType,
  resource: Resource,
  operations: readonly OperationJson[],
  dialect: Dialect = 'strict',
): Patched {
  const tolerance = toleranceOf(dialect);
  return applyPatch(type, resource, decodePatch(type, patchBody(...operations), tolerance), tolerance);
}

export const patchUser = (
  attributes: JsonObject,
  operations: readonly OperationJson[],
  dialect: Dialect = 'strict',
): Resource => patch(USER_TYPE, deepFreeze(user(attributes)), operations, dialect).resource;
