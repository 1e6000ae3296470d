import { expect } from 'vitest';
import type { ScimType } from '../../src/core/error.ts';
import { GROUP_SCHEMA } from '../../src/core/schemas/group.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import type { Answer, Client } from '../support/server.ts';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An id of the right shape that no resource has. */
export const UNKNOWN_ID = '00000000-0000-7000-8000-000000000000';

let names = 0;

/** A userName or displayName that no other test has. */
export const newName = (word = 'user'): string => `${word}-${++names}@example.com`;

export function userBody(attributes: object = {}) {
  const userName = newName();
  return {
    schemas: [USER_SCHEMA],
    userName,
    emails: [{ value: userName, type: 'work', primary: true }],
    ...attributes,
  };
}

export const groupBody = (attributes: object = {}) => ({
  schemas: [GROUP_SCHEMA],
  displayName: newName('group'),
  ...attributes,
});

export const patchBody = (...operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});

/** A resource that a test has made: its URL below the SCIM root, and the answer to the POST. */
export interface Created {
  readonly id: string;
  readonly path: string;
  readonly json: Answer['json'];
}

async function create(client: Client, endpoint: string, body: object): Promise<Created> {
  const { status, text, json } = await client.request('POST', endpoint, body);
  expect(status, text).toBe(201);
  return { id: json.id, path: `${endpoint}/${json.id}`, json };
}

export const createUser = (client: Client, attributes: object = {}): Promise<Created> =>
  create(client, '/Users', userBody(attributes));

export const createGroup = (client: Client, attributes: object = {}): Promise<Created> =>
  create(client, '/Groups', groupBody(attributes));

/** A member list as clients send it. */
export const membersOf = (...resources: readonly { readonly id: string }[]) =>
  resources.map(({ id }) => ({ value: id }));

/** The JSON of what is at a URL now. */
export async function read(client: Client, path: string): Promise<Answer['json']> {
  const { status, text, json } = await client.request('GET', path);
  expect(status, text).toBe(200);
  return json;
}

const valuesAt = async (client: Client, path: string, attribute: string): Promise<string[]> =>
  ((await read(client, path))[attribute] ?? []).map(({ value }: { value: string }) => value);

/** The ids of the members of a group, as an answer has them. */
export const memberIdsOf = (client: Client, path: string): Promise<string[]> =>
  valuesAt(client, path, 'members');

/** The ids of the groups of a user, as an answer has them. */
export const groupIdsOf = (client: Client, path: string): Promise<string[]> =>
  valuesAt(client, path, 'groups');

/** PATCH of a resource that must work; gives the resource afterwards. */
export async function patched(client: Client, { path }: Created, ...operations: object[]) {
  const { status, text } = await client.request('PATCH', path, patchBody(...operations));
  expect([200, 204], text).toContain(status);
  return read(client, path);
}

/** Whether `meta` says that a resource was changed later than another `meta` does. */
export const isLater = (meta: { lastModified: string }, before: { lastModified: string }): boolean =>
  Date.parse(meta.lastModified) > Date.parse(before.lastModified);

/** The URL of a list with a filter. */
export const filtered = (endpoint: string, filter: string): string =>
  `${endpoint}?filter=${encodeURIComponent(filter)}`;

/** Ids that a filter finds. */
export async function idsOf(client: Client, endpoint: string, filter: string): Promise<string[]> {
  const { Resources } = await read(client, filtered(endpoint, filter));
  return Resources.map(({ id }: { id: string }) => id);
}

/** The error body of RFC 7644 section 3.12, and nothing of the server's inside in it. */
export function expectError(answer: Answer, status: number, scimType?: ScimType): void {
  expect([answer.status, answer.json?.scimType], answer.text).toEqual([status, scimType]);
  expect(answer.headers['content-type']).toBe('application/scim+json; charset=utf-8');
  expect(answer.json).toEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    detail: expect.stringMatching(/^\S/),
    ...(scimType !== undefined && { scimType }),
  });
  expect(answer.text).not.toMatch(/\.[jt]s\b|node_modules|\bat \S+ \(|SELECT|SQLITE/);
}
