import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANSWER_FORM_2 } from '../../src/core/answer-form.ts';
import { DefinitionError } from '../../src/core/definition-error.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { BUILT_IN, USER_TYPE } from '../../src/core/registry.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { toleranceOf } from '../../src/core/tolerance.ts';
import { SYSTEM_ACTOR } from '../../src/service/actor.ts';
import type { TenantDefinitions } from '../../src/service/definitions.ts';
import { createResource, replaceResource } from '../../src/service/resources.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import { createUser, expectError, filtered, patchBody, read, userBody } from '../http/messages.ts';
import { type Client, startServer, type TestServer } from '../support/server.ts';
import {
  DEVICE,
  DEVICE_DEFINITION,
  DEVICE_TYPE_DEFINITION,
  definitionsOn,
  LEASE,
  LEASE_DEFINITION,
} from './tenant-definitions.ts';

const BADGE = 'urn:example:schemas:extension:badge:2.0:User';
const badge = (
  attributes: object[] = [
    { name: 'number', required: true },
    { name: 'pin', returned: 'never' },
  ],
) => ({ id: BADGE, name: 'Badge', attributes }) as JsonValue;

let server: TestServer;
let definitions: TenantDefinitions;
let tenant: Tenant;
let client: Client;

beforeEach(async () => {
  server = await startServer();
  definitions = definitionsOn(server);
  tenant = await server.tenants.create('acme.example');
  client = await server.connect({}, tenant);
});
afterEach(() => server.close());

const extend = (type: string, required = false) => ({ type, required });

async function addDevices(): Promise<void> {
  await definitions.addSchema(tenant, DEVICE_DEFINITION, undefined);
  await definitions.addSchema(tenant, LEASE_DEFINITION, undefined);
  await definitions.addResourceType(tenant, DEVICE_TYPE_DEFINITION);
}

describe('an extension of users', () => {
  test('is validated, found, listed and patched', async () => {
    const added = await definitions.addSchema(tenant, badge(), extend('User'));
    expect(added.uses).toEqual([{ type: 'User', as: 'extension', required: false }]);
    const body = { [BADGE]: { number: 'N1', pin: 'secret' } };
    const { path, json } = await createUser(client, body);
    expect(json.schemas).toEqual([USER_SCHEMA, SAP_USER_SCHEMA, BADGE]);
    expect(json[BADGE]).toEqual({ number: 'N1' });
    expectError(
      await client.request('POST', '/Users', userBody({ [BADGE]: { number: '' } })),
      400,
      'invalidValue',
    );
    const found = await read(client, filtered('/Users', `${BADGE}:number eq "n1" and schemas eq "${BADGE}"`));
    expect(found.Resources).toEqual([json]);
    const change = patchBody({ op: 'replace', path: `${BADGE}:number`, value: 'N2' });
    expect((await client.request('PATCH', path, change)).json[BADGE]).toEqual({ number: 'N2' });
    const types = await read(client, '/ResourceTypes/User');
    expect(types.schemaExtensions).toContainEqual({ schema: BADGE, required: false });
    expect((await read(client, `/Schemas/${BADGE}`)).name).toBe('Badge');
  });

  test('can be required of all users, as long as there is none', async () => {
    await definitions.addSchema(tenant, badge(), extend('User', true));
    expectError(await client.request('POST', '/Users', userBody()), 400, 'invalidValue');
    const { path } = await createUser(client, { [BADGE]: { number: 'N1' } });
    const remove = patchBody({ op: 'remove', path: BADGE });
    expectError(await client.request('PATCH', path, remove), 400, 'mutability');
    expect((await read(client, path))[BADGE]).toEqual({ number: 'N1' });
  });

  test('cannot be required of users that lack it', async () => {
    await createUser(client);
    const refused = definitions.addSchema(tenant, badge(), extend('User', true));
    await expect(refused).rejects.toMatchObject({
      problem: 'conflict',
      message: `${BADGE} can't be required: 1 resource of type User would lack it. Add it as one that is not required.`,
    });
    expect(await definitions.listSchemas(tenant)).toEqual([]);
    await definitions.addSchema(tenant, badge(), extend('User'));
    await createUser(client);
  });

  test('is unknown in other tenants, which may have another of the same URN', async () => {
    await definitions.addSchema(tenant, badge(), extend('User', true));
    const other = await server.tenants.create('other.example');
    const stranger = await server.connect({}, other);
    const { json } = await createUser(stranger, { [BADGE]: { number: 'N1' } });
    expect(json).not.toHaveProperty([BADGE]);
    expectError(await stranger.request('GET', `/Schemas/${BADGE}`), 404);
    expectError(
      await stranger.request('GET', filtered('/Users', `${BADGE}:number pr`)),
      400,
      'invalidFilter',
    );
    await definitions.addSchema(other, badge([{ name: 'colour' }]), extend('Group'));
    expect((await read(stranger, `/Schemas/${BADGE}`)).attributes).toMatchObject([{ name: 'colour' }]);
    expect((await read(client, `/Schemas/${BADGE}`)).attributes).toMatchObject([
      { name: 'number' },
      { name: 'pin' },
    ]);
  });

  test('can extend more than one type', async () => {
    await definitions.addSchema(tenant, badge(), extend('User'));
    const twice = await definitions.addSchema(tenant, badge(), extend('Group'));
    expect(twice.uses.map(({ type }) => type)).toEqual(['User', 'Group']);
    for (const [json, extension] of [
      [badge(), undefined],
      [badge(), extend('User')],
      [badge([{ name: 'x' }]), extend('Group')],
    ] as const)
      await expect(definitions.addSchema(tenant, json, extension)).rejects.toMatchObject({
        problem: 'conflict',
      });
    await expect(definitions.addSchema(tenant, badge(), extend('Nothing'))).rejects.toMatchObject({
      problem: 'notFound',
    });
  });
});

describe('removal', () => {
  test('of a schema waits until no resource has values of it', async () => {
    await definitions.addSchema(tenant, badge(), extend('User'));
    const { path } = await createUser(client, { [BADGE]: { number: 'N1' } });
    await createUser(client, { [BADGE]: { number: 'N2' } });
    const { path: third } = await createUser(client);
    await expect(definitions.removeSchema(tenant, BADGE)).rejects.toMatchObject({
      problem: 'conflict',
      message: `2 resources of type User have values of ${BADGE}: remove the values or the resources before the schema.`,
    });
    await client.request('DELETE', path);
    const hide = patchBody({ op: 'remove', path: BADGE });
    for (const { id } of (await read(client, '/Users')).Resources)
      await client.request('PATCH', `/Users/${id}`, hide);
    const removed = await definitions.removeSchema(tenant, BADGE.toUpperCase().replace('URN', 'urn'));
    expect(removed.schema.id).toBe(BADGE);
    expectError(await client.request('GET', `/Schemas/${BADGE}`), 404);
    expect((await read(client, third)).schemas).not.toContain(BADGE);
    await expect(definitions.removeSchema(tenant, BADGE)).rejects.toMatchObject({ problem: 'notFound' });
  });

  test('of a schema waits for values that nobody sees', async () => {
    await definitions.addSchema(tenant, badge([{ name: 'pin', returned: 'never' }]), extend('User'));
    const { path } = await createUser(client, { [BADGE]: { pin: 'x' } });
    await expect(definitions.removeSchema(tenant, BADGE)).rejects.toMatchObject({ problem: 'conflict' });
    await client.request('PATCH', path, patchBody({ op: 'remove', path: `${BADGE}:pin` }));
    await definitions.removeSchema(tenant, BADGE);
  });

  test('of a type waits until it has no resources, and that of its schemas until it is gone', async () => {
    await addDevices();
    const { json } = await client.request('POST', '/Devices', { schemas: [DEVICE], serial: '1' });
    await expect(definitions.removeResourceType(tenant, 'Device')).rejects.toMatchObject({
      problem: 'conflict',
      message: 'There is 1 resource of type Device: delete it before the type.',
    });
    for (const urn of [DEVICE, LEASE])
      await expect(definitions.removeSchema(tenant, urn)).rejects.toMatchObject({
        problem: 'conflict',
        message: `The resource type Device has the schema ${urn}: remove the type before it.`,
      });
    await client.request('DELETE', `/Devices/${json.id}`);
    await definitions.removeResourceType(tenant, 'Device');
    expectError(await client.request('GET', '/Devices'), 404);
    for (const urn of [DEVICE, LEASE]) await definitions.removeSchema(tenant, urn);
    await addDevices();
    expect((await client.request('POST', '/Devices', { schemas: [DEVICE], serial: '1' })).status).toBe(201);
  });

  test('of what is built in or not there is refused', async () => {
    for (const urn of [USER_SCHEMA, SAP_USER_SCHEMA])
      await expect(definitions.removeSchema(tenant, urn)).rejects.toMatchObject({ problem: 'conflict' });
    for (const name of ['User', 'Group'])
      await expect(definitions.removeResourceType(tenant, name)).rejects.toMatchObject({
        problem: 'conflict',
      });
    await expect(definitions.removeSchema(tenant, 'urn:example:x')).rejects.toMatchObject({
      problem: 'notFound',
    });
    await expect(definitions.removeResourceType(tenant, 'X')).rejects.toMatchObject({ problem: 'notFound' });
  });

  test('a type takes along that schemas extend it', async () => {
    await addDevices();
    await definitions.addSchema(tenant, badge(), extend('Device'));
    await definitions.removeResourceType(tenant, 'Device');
    await definitions.addResourceType(tenant, DEVICE_TYPE_DEFINITION);
    const [type] = await definitions.listResourceTypes(tenant);
    expect(type?.extensions.map(({ schema }) => schema.id)).toEqual([LEASE]);
  });
});

test('a schema does not extend itself, and a built-in extension can extend other types', async () => {
  await addDevices();
  await expect(definitions.addSchema(tenant, DEVICE_DEFINITION, extend('Device'))).rejects.toMatchObject({
    problem: 'conflict',
  });
  const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  await definitions.addResourceType(tenant, {
    name: 'Printer',
    endpoint: '/Printers',
    schema: DEVICE,
    schemaExtensions: [{ schema: enterprise, required: true }],
  });
  const body = { schemas: [DEVICE, enterprise], serial: '1', [enterprise]: { department: 'Press' } };
  expect((await client.request('POST', '/Printers', body)).status).toBe(201);
  // a serial is unique among the resources of one type
  expect((await client.request('POST', '/Devices', { schemas: [DEVICE], serial: '1' })).status).toBe(201);
});

test('of changes at the same time each is made for what is there', async () => {
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 4 }, () => definitions.addSchema(tenant, badge(), extend('User'))),
    definitions.addSchema(tenant, DEVICE_DEFINITION, undefined),
    definitions.addSchema(tenant, LEASE_DEFINITION, undefined),
  ]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  const ids = (await definitions.listSchemas(tenant)).map(({ schema }) => schema.id);
  expect(ids.sort()).toEqual([BADGE, DEVICE, LEASE].sort());
});

test('a tenant has at most 100 schemas of its own', async () => {
  const thing = (index: number): JsonValue => ({
    id: `urn:example:thing:${index}`,
    attributes: [{ name: 'a' }],
  });
  const rows = Array.from({ length: 100 }, (_, index) => ({
    kind: 'schema' as const,
    name: `urn:example:thing:${index}`,
    content: JSON.stringify({ ...(thing(index) as object), name: '', description: '' }),
    created: tenant.created,
  }));
  await server.services.storage.directory.changeDefinitions(tenant.id, {
    revision: 0,
    added: rows,
    removed: [],
    unused: [],
  });
  await expect(definitions.addSchema(tenant, thing(100), undefined)).rejects.toMatchObject({
    problem: 'conflict',
  });
});

test('what was made ready by other definitions is not written', async () => {
  const { services } = server;
  const context = {
    tenantId: tenant.id,
    isOwn: false,
    subject: 'test',
    actor: SYSTEM_ACTOR,
    changes: [],
    settings: { dialect: 'standard', requirePrimaryEmail: true, scopes: ['write'] } as const,
    tolerance: toleranceOf('standard'),
    precondition: undefined,
    registry: BUILT_IN,
    form: ANSWER_FORM_2,
    baseUrl: 'http://roster.test',
  };
  const { id } = await createResource(services, context, USER_TYPE, userBody(), undefined);
  await definitions.addSchema(tenant, badge(), extend('User'));
  const late = { status: 503 };
  await expect(createResource(services, context, USER_TYPE, userBody(), undefined)).rejects.toMatchObject(
    late,
  );
  await expect(
    replaceResource(services, context, USER_TYPE, id, userBody(), undefined),
  ).rejects.toMatchObject(late);
  expect((await read(client, '/Users')).totalResults).toBe(1);
});

test('a definition that cannot be leaves nothing behind', async () => {
  await expect(definitions.addSchema(tenant, { id: BADGE }, undefined)).rejects.toBeInstanceOf(
    DefinitionError,
  );
  await expect(definitions.addResourceType(tenant, DEVICE_TYPE_DEFINITION)).rejects.toBeInstanceOf(
    DefinitionError,
  );
  expect(await server.services.storage.directory.definitionRevision(tenant.id)).toBe(0);
});
