import { readSchemaDefinition } from '../../src/core/definition-schema.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { compileResourceType, type ResourceType } from '../../src/core/resource-type.ts';
import { createTenantDefinitions, type TenantDefinitions } from '../../src/service/definitions.ts';
import type { TestServer } from '../support/server.ts';

/** The service that defines schemas and resource types in the tenants of a server. */
export const definitionsOn = ({ services: { storage, now } }: TestServer): TenantDefinitions =>
  createTenantDefinitions({ storage, now });

export const DEVICE = 'urn:example:params:scim:schemas:2.0:Device';
export const LEASE = 'urn:example:params:scim:schemas:extension:lease:2.0:Device';

/** A schema with every data type and every characteristic of RFC 7643. */
export const DEVICE_DEFINITION: JsonValue = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
  id: DEVICE,
  name: 'Device',
  description: 'A device of the company',
  attributes: [
    {
      name: 'serial',
      type: 'string',
      required: true,
      caseExact: true,
      mutability: 'immutable',
      uniqueness: 'server',
      description: 'The number on its back',
    },
    { name: 'userName', type: 'string' },
    { name: 'displayName', type: 'string', canonicalValues: ['Laptop', 'Phone'] },
    { name: 'active', type: 'boolean' },
    { name: 'weight', type: 'decimal' },
    { name: 'ports', type: 'integer', multiValued: true },
    { name: 'bought', type: 'dateTime' },
    { name: 'fingerprint', type: 'binary' },
    { name: 'holder', type: 'reference', referenceTypes: ['User', 'external'] },
    { name: 'state', mutability: 'readOnly' },
    { name: 'notes', returned: 'request' },
    { name: 'assetTag', returned: 'always', uniqueness: 'global' },
    { name: 'pin', mutability: 'writeOnly' },
    { name: 'recoveryKey', returned: 'never', mutability: 'immutable' },
    {
      name: 'maker',
      type: 'complex',
      subAttributes: [
        { name: 'value', required: true },
        { name: '$ref', type: 'reference', referenceTypes: ['uri'] },
        { name: 'since', type: 'dateTime', mutability: 'immutable' },
        { name: 'code', returned: 'request' },
      ],
    },
    {
      name: 'addresses',
      type: 'complex',
      multiValued: true,
      subAttributes: [
        { name: 'value', uniqueness: 'server', caseExact: false },
        { name: 'type', canonicalValues: ['wired', 'wireless'] },
        { name: 'primary', type: 'boolean' },
        { name: 'speed', type: 'integer' },
        { name: 'secret', returned: 'never' },
        { name: 'vendor', mutability: 'immutable' },
      ],
    },
  ],
};

export const LEASE_DEFINITION: JsonValue = {
  id: LEASE,
  name: 'Lease',
  attributes: [
    { name: 'lessor', required: true },
    { name: 'ends', type: 'dateTime' },
    { name: 'displayName', type: 'string' },
    { name: 'contract', returned: 'never' },
  ],
};

export const DEVICE_TYPE_DEFINITION: JsonValue = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
  name: 'Device',
  endpoint: '/Devices',
  description: 'Devices',
  schema: DEVICE,
  schemaExtensions: [{ schema: LEASE, required: false }],
};

/** The resource type that these definitions come to. */
export const deviceType = (): ResourceType =>
  compileResourceType({
    name: 'Device',
    endpoint: '/Devices',
    description: 'Devices',
    schema: readSchemaDefinition(DEVICE_DEFINITION),
    extensions: [{ schema: readSchemaDefinition(LEASE_DEFINITION), required: false }],
  });
