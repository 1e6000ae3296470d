import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DEVICE,
  DEVICE_DEFINITION,
  DEVICE_TYPE_DEFINITION,
  LEASE,
  LEASE_DEFINITION,
} from '../../service/tenant-definitions.ts';
import { type Client, startServer, type TestServer } from '../../support/server.ts';
import { createUser } from '../messages.ts';
import { type AdminClient, adminClient, type Callers, caller, identifyByName } from './admin-client.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const BADGE = 'urn:example:schemas:extension:badge:2.0:User';
const PATH = '/tenants/acme.com/schemas';
const TYPES = '/tenants/acme.com/resource-types';

let callers: Callers = {};
let server: TestServer;
let admin: AdminClient;
let auditor: AdminClient;
let client: Client;

beforeAll(async () => {
  server = await startServer({ identify: identifyByName(() => callers) });
  const acme = await server.tenants.create('acme.com');
  callers = { admin: caller('tenantAdmin', acme.id), auditor: caller('auditor', acme.id) };
  admin = await adminClient(server, 'admin');
  auditor = await adminClient(server, 'auditor');
  client = await server.connect({}, acme);
});
afterAll(() => server.close());

const badge = (attributes: unknown) => ({ id: BADGE, name: 'Badge', attributes });
const add = (definition: unknown, more: object = {}) => admin.request('POST', PATH, { definition, ...more });

describe('schemas of the admin API', () => {
  it('lists those that are built in, with the types that have them', async () => {
    const { json } = await auditor.request('GET', PATH);
    const found = (id: string) => json.find((schema: { id: string }) => schema.id === id);
    expect(found(USER)).toMatchObject({ isBuiltIn: true, usedBy: ['User'] });
    expect(found(ENTERPRISE)).toMatchObject({ isBuiltIn: true, usedBy: ['User'] });
    expect(found(USER).definition.attributes).toContainEqual(
      expect.objectContaining({ name: 'userName', uniqueness: 'server', caseExact: false }),
    );
    const types = await auditor.request('GET', TYPES);
    expect(types.json).toMatchObject([
      { name: 'User', isBuiltIn: true, total: 0, definition: { endpoint: '/Users', schema: USER } },
      { name: 'Group', isBuiltIn: true, total: 0 },
    ]);
  });

  it('adds, replaces and deletes one that extends users', async () => {
    const added = await add(badge([{ name: 'number' }]), { extends: { type: 'User' } });
    expect(added).toMatchObject({ status: 201, json: { id: BADGE, isBuiltIn: false, usedBy: ['User'] } });
    expect((await add(badge([{ name: 'number' }]), { extends: { type: 'Group' } })).json.usedBy).toEqual([
      'User',
      'Group',
    ]);
    const published = added.json.definition;
    await admin.request('POST', TYPES, { definition: { name: 'Visit', endpoint: '/Visits', schema: BADGE } });
    expect((await add(published, { extends: { type: 'User' } })).json.detail).toContain(
      'extends User already',
    );
    await admin.request('DELETE', `${TYPES}/Visit`);
    const one = `${PATH}/${BADGE}`;
    const definition = badge([{ name: 'number' }, { name: 'colour' }]);
    const replaced = await admin.request('PUT', one, { definition });
    expect(replaced.json.definition.attributes).toMatchObject([{ name: 'number' }, { name: 'colour' }]);
    const { path } = await createUser(client, { [BADGE]: { number: 'N1' } });
    expect((await admin.request('DELETE', one)).json.detail).toContain('1 resource of type User has values');
    const refused = await admin.request('PUT', one, {
      definition: badge([{ name: 'number', type: 'integer' }]),
    });
    expect(refused).toMatchObject({
      status: 409,
      json: {
        fields: [
          { path: 'definition.attributes.0.type', message: expect.stringContaining('"type" of number') },
        ],
      },
    });
    expect((await auditor.request('GET', TYPES)).json).toMatchObject([{ name: 'User', total: 1 }, {}]);
    await client.request('DELETE', path);
    expect((await admin.request('DELETE', one)).status).toBe(204);
    expect((await admin.request('DELETE', one)).status).toBe(404);
  });

  it('adds a type, and deletes it once it has no resources', async () => {
    await add(DEVICE_DEFINITION);
    await add(LEASE_DEFINITION);
    const added = await admin.request('POST', TYPES, { definition: DEVICE_TYPE_DEFINITION });
    expect(added).toMatchObject({ status: 201, json: { name: 'Device', isBuiltIn: false, total: 0 } });
    const { json: schemas } = await auditor.request('GET', PATH);
    for (const urn of [DEVICE, LEASE])
      expect(schemas).toContainEqual(
        expect.objectContaining({ id: urn, isBuiltIn: false, usedBy: ['Device'] }),
      );
    const { json } = await client.request('POST', '/Devices', { schemas: [DEVICE], serial: '1' });
    expect((await admin.request('DELETE', `${TYPES}/Device`)).status).toBe(409);
    expect((await admin.request('DELETE', `${PATH}/${DEVICE}`)).status).toBe(409);
    await client.request('DELETE', `/Devices/${json.id}`);
    expect((await admin.request('DELETE', `${TYPES}/Device`)).status).toBe(204);
    for (const urn of [DEVICE, LEASE])
      expect((await admin.request('DELETE', `${PATH}/${urn}`)).status).toBe(204);
  });

  const attribute = { name: 'a' };
  const wrong: readonly (readonly [
    what: string,
    body: unknown,
    status: number,
    field: string | undefined,
  ])[] = [
    ['no definition', {}, 400, 'definition'],
    ['a text', { definition: 'x' }, 400, 'definition'],
    ['no URN', { definition: { attributes: [attribute] } }, 400, 'definition'],
    ['no attributes', { definition: { id: BADGE } }, 400, 'definition'],
    [
      'a wrong type',
      { definition: badge([attribute, { name: 'b', type: 'text' }]) },
      400,
      'definition.attributes.1.type',
    ],
    [
      'a wrong sub-attribute',
      { definition: badge([{ name: 'b', type: 'complex', subAttributes: [{ name: 'c d' }] }]) },
      400,
      'definition.attributes.0.subAttributes.0.name',
    ],
    [
      'what nobody knows',
      { definition: badge([{ name: 'b', size: 3 }]) },
      400,
      'definition.attributes.0.size',
    ],
    ['a taken URN', { definition: { id: USER, attributes: [attribute] } }, 400, 'definition.id'],
    ['no such type', { definition: badge([attribute]), extends: { type: 'Nothing' } }, 404, undefined],
    ['an extension of nothing', { definition: badge([attribute]), extends: {} }, 400, 'extends.type'],
  ];
  it.each(wrong)('refuses %s, at its place', async (_, body, status, field) => {
    const answer = await admin.request('POST', PATH, body);
    expect([answer.status, answer.json.fields?.[0]?.path]).toEqual([status, field]);
    expect((await auditor.request('GET', PATH)).json).not.toContainEqual(
      expect.objectContaining({ id: BADGE }),
    );
  });

  it('refuses what is wrong with a type, and changes of what is built in', async () => {
    const answer = await admin.request('POST', TYPES, {
      definition: { name: 'Thing', endpoint: '/Users', schema: BADGE },
    });
    expect([answer.status, answer.json.fields[0].path]).toEqual([400, 'definition.endpoint']);
    const definition = { id: USER, attributes: [attribute] };
    expect((await admin.request('PUT', `${PATH}/${USER}`, { definition })).status).toBe(409);
    expect((await admin.request('DELETE', `${PATH}/${USER}`)).status).toBe(409);
    expect((await admin.request('DELETE', `${TYPES}/User`)).status).toBe(409);
    expect((await admin.request('DELETE', `${TYPES}/Nothing`)).status).toBe(404);
    const other = await admin.request('PUT', `${PATH}/${BADGE}`, { definition });
    expect(other.status).toBe(404);
  });

  it('lets auditors change nothing', async () => {
    expect((await auditor.request('POST', PATH, { definition: badge([attribute]) })).status).toBe(403);
    expect((await auditor.request('DELETE', `${PATH}/${BADGE}`)).status).toBe(403);
  });
});
