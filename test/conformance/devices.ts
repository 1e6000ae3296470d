import type { SchemaDefinition } from '../../src/core/schema.ts';
import type { StoredDefinition } from '../../src/storage/directory.ts';
import type { TestServer } from '../support/server.ts';

export const DEVICE_SCHEMA = 'urn:example:params:scim:schemas:2.0:Device';

/** A schema of a tenant, with characteristics that no attribute of User and Group has. */
const SCHEMA: SchemaDefinition = {
  id: DEVICE_SCHEMA,
  name: 'Device',
  description: 'Device',
  attributes: [
    { name: 'serial', mutability: 'immutable', caseExact: true },
    { name: 'tags', mutability: 'immutable', multiValued: true },
    { name: 'label' },
  ],
};

const TYPE = {
  name: 'Device',
  endpoint: '/Devices',
  description: 'Device',
  schema: DEVICE_SCHEMA,
  extensions: [],
};

/** Defines the resource type Device for the first tenant, at `/Devices`. */
export async function defineDevices({ services, superTenant }: TestServer): Promise<void> {
  const row = (kind: StoredDefinition['kind'], name: string, content: object): StoredDefinition => ({
    kind,
    name,
    content: JSON.stringify(content),
    created: superTenant.created,
  });
  await services.storage.directory.changeDefinitions(superTenant.id, {
    revision: 0,
    added: [row('schema', DEVICE_SCHEMA.toLowerCase(), SCHEMA), row('resourceType', 'Device', TYPE)],
    removed: [],
    unused: [],
  });
}
