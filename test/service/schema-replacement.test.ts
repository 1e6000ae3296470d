import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DefinitionError } from '../../src/core/definition-error.ts';
import type { JsonValue } from '../../src/core/json.ts';
import type { TenantDefinitions } from '../../src/service/definitions.ts';
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

type Characteristics = Record<string, unknown> & { readonly name: string };

const DOORS: Characteristics = {
  name: 'doors',
  type: 'complex',
  multiValued: true,
  subAttributes: [{ name: 'value' }, { name: 'type' }, { name: 'floor', type: 'integer' }],
};
const ATTRIBUTES: readonly Characteristics[] = [
  { name: 'number' },
  { name: 'colour' },
  { name: 'level', type: 'integer', required: true },
  { name: 'issued', type: 'dateTime', mutability: 'readOnly' },
  DOORS,
];
const badge = (attributes: readonly Characteristics[], more: object = {}) =>
  ({ id: BADGE, name: 'Badge', attributes, ...more }) as unknown as JsonValue;

/** The attributes with one of them changed; undefined: without it. */
const withChanged = (name: string, change: object | undefined): readonly Characteristics[] =>
  ATTRIBUTES.flatMap((attribute) =>
    attribute.name !== name ? [attribute] : change === undefined ? [] : [{ ...attribute, ...change }],
  );

const subs = (...list: object[]) => ({ subAttributes: list });

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

describe('a schema that users have values of', () => {
  /** Of `number`, `level`, `doors.value` and `doors.type`. */
  const values = { number: 'N1', level: 3, doors: [{ value: 'A', type: 'side' }] };
  let path: string;

  beforeEach(async () => {
    await definitions.addSchema(tenant, badge(ATTRIBUTES), { type: 'User', required: false });
    ({ path } = await createUser(client, { [BADGE]: values }));
  });

  const allowed: readonly (readonly [what: string, definition: JsonValue])[] = [
    ['name and description', badge(ATTRIBUTES, { name: 'Card', description: 'Opens doors' })],
    ['one more attribute', badge([...ATTRIBUTES, { name: 'printed', type: 'dateTime' }])],
    [
      'one more sub-attribute',
      badge(
        withChanged(
          'doors',
          subs({ name: 'value' }, { name: 'type' }, { name: 'floor' }, { name: 'primary', type: 'boolean' }),
        ),
      ),
    ],
    ['description of an attribute', badge(withChanged('number', { description: 'On its front' }))],
    ['canonical values', badge(withChanged('number', { canonicalValues: ['N2'] }))],
    ['required no more', badge(withChanged('level', { required: false }))],
    ['immutable from now on', badge(withChanged('number', { mutability: 'immutable' }))],
    ['returned on request', badge(withChanged('number', { returned: 'request' }))],
    ['an attribute without values that goes', badge(withChanged('colour', undefined))],
    ['the type of an attribute without values', badge(withChanged('colour', { type: 'integer' }))],
    [
      'a sub-attribute without values that goes',
      badge(withChanged('doors', subs({ name: 'value' }, { name: 'type' }))),
    ],
    ['what nobody could write', badge(withChanged('issued', { mutability: 'readWrite', type: 'string' }))],
    ['another order', badge(ATTRIBUTES.toReversed())],
  ];
  test.each(allowed)('can change: %s', async (_, definition) => {
    const before = (await read(client, `${path}?attributes=${BADGE}:number,${BADGE}:level,${BADGE}:doors`))[
      BADGE
    ];
    expect(before).toEqual(values);
    const { schema, uses } = await definitions.replaceSchema(tenant, definition);
    expect(schema.id).toBe(BADGE);
    expect(uses).toEqual([{ type: 'User', as: 'extension', required: false }]);
    const after = await read(client, `${path}?attributes=${BADGE}:number,${BADGE}:level,${BADGE}:doors`);
    expect(after[BADGE]).toEqual(values);
    const found = await read(
      client,
      filtered('/Users', `${BADGE}:number eq "n1" and ${BADGE}:doors.type eq "SIDE"`),
    );
    expect(found.totalResults).toBe(1);
    const { attributes } = await read(client, `/Schemas/${BADGE}`);
    expect(attributes).toHaveLength(schema.attributes.length);
  });

  const refused: readonly (readonly [
    attributes: readonly Characteristics[],
    field: string,
    reason: string,
  ])[] = [
    [withChanged('number', undefined), 'attributes', "number can't be removed"],
    [withChanged('number', { name: 'Number' }), 'attributes.0.name', '"name" of Number'],
    [withChanged('number', { type: 'integer' }), 'attributes.0.type', '"type" of number'],
    [withChanged('number', { multiValued: true }), 'attributes.0.multiValued', '"multiValued" of number'],
    [withChanged('number', { caseExact: true }), 'attributes.0.caseExact', '"caseExact" of number'],
    [withChanged('number', { uniqueness: 'server' }), 'attributes.0.uniqueness', '"uniqueness" of number'],
    [withChanged('number', { mutability: 'readOnly' }), 'attributes.0.mutability', '"mutability" of number'],
    [withChanged('number', { returned: 'never' }), 'attributes.0.returned', '"returned" of number'],
    [withChanged('number', { mutability: 'writeOnly' }), 'attributes.0.returned', '"returned" of number'],
    [withChanged('number', { required: true }), 'attributes.0.required', "number can't be required"],
    [[...ATTRIBUTES, { name: 'pin', required: true }], 'attributes.5.required', "pin can't be required"],
    [[...ATTRIBUTES, { name: 'pin', returned: 'never' }], 'attributes.5', "pin can't be the first"],
    [withChanged('doors', undefined), 'attributes', "doors can't be removed"],
    [withChanged('doors', { multiValued: false }), 'attributes.4.multiValued', '"multiValued" of doors'],
    [
      withChanged('doors', { type: 'string', subAttributes: undefined }),
      'attributes.4.type',
      '"type" of doors',
    ],
    [
      withChanged('doors', subs({ name: 'type' })),
      'attributes.4.subAttributes',
      "doors.value can't be removed",
    ],
    [
      withChanged('doors', subs({ name: 'value' })),
      'attributes.4.subAttributes',
      "doors.type can't be removed",
    ],
    [
      withChanged('doors', subs({ name: 'value' }, { name: 'type', caseExact: true })),
      'attributes.4.subAttributes.1.caseExact',
      '"caseExact" of doors.type',
    ],
    [
      withChanged('doors', subs({ name: 'value' }, { name: 'type' }, { name: 'key', required: true })),
      'attributes.4.subAttributes.2.required',
      "doors.key can't be required",
    ],
  ];
  test.each(refused)('stays as it is: %#', async (attributes, field, reason) => {
    const given = attributes.map((attribute) => JSON.parse(JSON.stringify(attribute)) as Characteristics);
    await expect(definitions.replaceSchema(tenant, badge(given))).rejects.toMatchObject({
      problem: 'conflict',
      field,
      message: expect.stringMatching(/: 1 resource of type User has values of \S+\.$/),
    });
    await expect(definitions.replaceSchema(tenant, badge(given))).rejects.toThrow(reason);
    expect((await read(client, path))[BADGE]).toEqual(values);
    await client.request('PATCH', path, patchBody({ op: 'remove', path: BADGE }));
    await definitions.replaceSchema(tenant, badge(given));
  });

  test('takes new values at once', async () => {
    await definitions.replaceSchema(tenant, badge([...ATTRIBUTES, { name: 'code', uniqueness: 'server' }]));
    const change = patchBody({ op: 'add', path: `${BADGE}:code`, value: 'C1' });
    expect((await client.request('PATCH', path, change)).json[BADGE]).toEqual({ ...values, code: 'C1' });
    const second = userBody({ [BADGE]: { level: 1, code: 'c1' } });
    expectError(await client.request('POST', '/Users', second), 409, 'uniqueness');
  });
});

describe('values that nobody sees', () => {
  const pin = { name: 'pin', returned: 'never' };
  beforeEach(async () => {
    await definitions.addSchema(tenant, badge([{ name: 'number' }, pin]), { type: 'User', required: false });
    await createUser(client, { [BADGE]: { pin: '1' } });
  });

  test.each([
    ['is removed', [{ name: 'number' }], "pin can't be removed"],
    ['is shown', [{ name: 'number' }, { name: 'pin' }], '"returned" of pin'],
    ['changes its type', [{ name: 'number' }, { ...pin, type: 'integer' }], '"type" of pin'],
  ])('stand against a change by which their attribute %s', async (_, attributes, reason) => {
    await expect(definitions.replaceSchema(tenant, badge(attributes))).rejects.toThrow(reason);
  });

  test('are no reason against other changes', async () => {
    const second = { ...pin, name: 'puk', mutability: 'writeOnly' };
    await definitions.replaceSchema(tenant, badge([{ name: 'number', type: 'integer' }, pin, second]));
  });
});

describe('the core schema of a type', () => {
  beforeEach(async () => {
    await definitions.addSchema(tenant, DEVICE_DEFINITION, undefined);
    await definitions.addSchema(tenant, LEASE_DEFINITION, undefined);
    await definitions.addResourceType(tenant, DEVICE_TYPE_DEFINITION);
  });
  const { attributes, ...rest } = DEVICE_DEFINITION as { attributes: Characteristics[] };
  const device = (...more: object[]) =>
    ({ ...rest, attributes: [...attributes, ...more] }) as unknown as JsonValue;

  test('takes a required attribute only while there are no resources', async () => {
    const body = { schemas: [DEVICE], serial: '1' };
    const { json } = await client.request('POST', '/Devices', body);
    const refused = definitions.replaceSchema(tenant, device({ name: 'site', required: true }));
    await expect(refused).rejects.toMatchObject({
      problem: 'conflict',
      message: "site can't be required: there is 1 resource of type Device.",
      field: 'attributes.16.required',
    });
    await definitions.replaceSchema(tenant, device({ name: 'site' }));
    await client.request('DELETE', `/Devices/${json.id}`);
    const { uses } = await definitions.replaceSchema(tenant, device({ name: 'site', required: true }));
    expect(uses).toEqual([{ type: 'Device', as: 'core', required: true }]);
    expectError(await client.request('POST', '/Devices', body), 400, 'invalidValue');
    expect((await client.request('POST', '/Devices', { ...body, site: 'A' })).status).toBe(201);
  });

  test('keeps its place among the schemas', async () => {
    await definitions.replaceSchema(tenant, device({ name: 'site' }), DEVICE.toUpperCase());
    expect((await definitions.listSchemas(tenant)).map(({ schema }) => schema.id)).toEqual([DEVICE, LEASE]);
  });
});

test('what is not there, built in or of another name is not replaced', async () => {
  const other = 'urn:example:other';
  await definitions.addSchema(tenant, badge(ATTRIBUTES), undefined);
  await definitions.addSchema(tenant, { id: `${BADGE}:size`, attributes: [{ name: 'a' }] }, undefined);
  const user = 'urn:ietf:params:scim:schemas:core:2.0:User';
  const cases: readonly (readonly [urn: string, json: JsonValue, error: object])[] = [
    [other, { id: other, attributes: [{ name: 'a' }] }, { problem: 'notFound' }],
    [user, { id: user, attributes: [{ name: 'a' }] }, { problem: 'conflict' }],
    [BADGE, { id: other, attributes: [{ name: 'a' }] }, { path: ['id'] }],
    [BADGE, { id: BADGE.toUpperCase().replace('URN', 'urn'), attributes: [{ name: 'a' }] }, { path: ['id'] }],
    [BADGE, badge([{ name: 'number', type: 'text' }]), { path: ['attributes', 0, 'type'] }],
    [BADGE, badge([{ name: 'size' }]), { path: ['attributes', 0] }],
  ];
  for (const [urn, json, error] of cases)
    await expect(definitions.replaceSchema(tenant, json, urn)).rejects.toMatchObject(error);
  await expect(definitions.replaceSchema(tenant, badge([{ name: 'size' }]))).rejects.toBeInstanceOf(
    DefinitionError,
  );
  expect(await server.services.storage.directory.definitionRevision(tenant.id)).toBe(2);
});

test('of replacements at the same time each is made for what is there', async () => {
  await definitions.addSchema(tenant, badge(ATTRIBUTES), { type: 'User', required: false });
  const names = ['a', 'b', 'c'];
  await Promise.all(names.map((name) => definitions.replaceSchema(tenant, badge([...ATTRIBUTES, { name }]))));
  const [found] = await definitions.listSchemas(tenant);
  expect(names).toContain(found?.schema.attributes.at(-1)?.name);
  expect(found?.schema.attributes).toHaveLength(ATTRIBUTES.length + 1);
});
