import { describe, expect, test } from 'vitest';
import { type BulkRequest, bulkIdsIn, resolveReferences } from '../../../src/core/bulk.ts';
import { ScimError } from '../../../src/core/error.ts';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { PATCH_SCHEMA } from '../../../src/core/patch-operation.ts';
import { BUILT_IN } from '../../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../../src/core/schemas/enterprise-user.ts';
import { GROUP_SCHEMA } from '../../../src/core/schemas/group.ts';
import { USER_SCHEMA } from '../../../src/core/schemas/user.ts';
import { bulkResponse1, decodeBulk1 } from '../../../src/core/v1/bulk.ts';
import { refused } from '../fixtures.ts';

const CORE_1 = 'urn:scim:schemas:core:1.0';

const bulk = (...operations: JsonValue[]): ReturnType<typeof decodeBulk1> =>
  decodeBulk1(BUILT_IN, { schemas: [CORE_1], failOnErrors: 2, Operations: operations });

/** The first operation, which has to be well-formed. */
function only(operation: JsonObject): BulkRequest {
  const { request } = bulk(operation).operations[0] ?? {};
  if (request === undefined || request instanceof ScimError) throw request ?? new Error('no operation');
  return request;
}

describe('a Bulk request of SCIM 1.1', () => {
  test('as the page sends it', () => {
    const data = (userName: string, bulkId: string): JsonObject => ({
      schemas: [CORE_1],
      path: '/Users',
      userName,
      method: 'POST',
      emails: [{ value: '[email protected]' }],
      password: 'dummyPW1',
      bulkId,
    });
    const { operations, failOnErrors } = bulk(
      { data: data('hasini', 'bulkIDUser1'), path: '/Users', method: 'POST', bulkId: 'bulkIDUser1' },
      { data: data('dinuka', 'bulkIDUser2'), path: '/Users', method: 'POST', bulkId: 'bulkIDUser2' },
    );
    expect(failOnErrors).toBe(2);
    expect(operations).toEqual(
      [
        ['hasini', 'bulkIDUser1'],
        ['dinuka', 'bulkIDUser2'],
      ].map(([userName, bulkId]) => ({
        method: 'POST',
        bulkId,
        request: {
          method: 'POST',
          endpoint: '/Users',
          id: undefined,
          version: undefined,
          data: {
            schemas: [USER_SCHEMA],
            userName,
            emails: [{ value: '[email protected]' }],
            password: 'dummyPW1',
          },
        },
      })),
    );
  });

  test('has data in the form of 2.0', () => {
    const put = { method: 'PUT', path: '/Groups/g1', data: { displayName: 'e', members: ['u1'] } };
    expect(only(put).data).toEqual({ schemas: [GROUP_SCHEMA], displayName: 'e', members: [{ value: 'u1' }] });
    expect(only({ method: 'PATCH', path: '/Users/u1', data: { nickName: 'n' } }).data).toEqual({
      schemas: [PATCH_SCHEMA],
      Operations: [{ op: 'add', value: { nickName: 'n' } }],
    });
    expect(only({ method: 'DELETE', path: '/Users/u1' })).toMatchObject({ id: 'u1', data: null });
  });

  test('may refer to what it creates, by bulkId and by batchId', () => {
    const user = { method: 'POST', path: '/Users', bulkId: 'q', data: { userName: 'alice' } };
    const of = (reference: string): JsonObject[] => [
      {
        method: 'POST',
        path: '/Groups',
        bulkId: 'g',
        data: { displayName: 'g', members: [{ value: reference }] },
      },
      {
        method: 'PATCH',
        path: '/Groups/g1',
        data: { members: [{ value: reference, operation: 'delete' }, reference] },
      },
      {
        method: 'PUT',
        path: '/Users/u1',
        data: { userName: 'b', wso2Extension: { manager: { managerId: reference } } },
      },
      { method: 'DELETE', path: `/Users/${reference}` },
    ];
    for (const reference of ['bulkId:q', 'batchId:q', 'BatchID:q']) {
      const { operations } = bulk(user, ...of(reference));
      const requests = operations.slice(1).map(({ request }) => request as BulkRequest);
      for (const request of requests) expect([...bulkIdsIn(request)]).toEqual(['q']);
      const resolved = requests.map((request) => resolveReferences(request, new Map([['q', 'u9']])));
      expect(resolved[0]?.data).toMatchObject({ members: [{ value: 'u9' }] });
      expect(resolved[2]?.data).toMatchObject({ [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'u9' } } });
      expect(resolved[3]?.id).toBe('u9');
    }
  });

  test('may hold texts that look like references of earlier drafts', () => {
    const data = { userName: 'b', externalId: 'batchId:7' };
    expect(only({ method: 'PUT', path: '/Users/u1', data }).data).toMatchObject({ externalId: 'batchId:7' });
  });

  const wrong: [title: string, operation: JsonValue, expected: string][] = [
    [
      'an endpoint that is none',
      { method: 'POST', path: '/Devices', bulkId: 'b', data: {} },
      '404 undefined',
    ],
    ['a POST without bulkId', { method: 'POST', path: '/Users', data: {} }, '400 invalidSyntax'],
    ['another method', { method: 'GET', path: '/Users/u1' }, '400 invalidSyntax'],
    [
      'a PATCH with wrong meta',
      { method: 'PATCH', path: '/Users/u1', data: { meta: {} } },
      '400 invalidSyntax',
    ],
    ['data that is no object', { method: 'PUT', path: '/Users/u1', data: 'x' }, '400 invalidSyntax'],
  ];
  test.each(wrong)('tells %s in its place', (_, operation, expected) => {
    const good = { method: 'DELETE', path: '/Users/u1' };
    const { operations } = bulk(operation, good);
    const error = operations[0]?.request as ScimError;
    expect(`${error.status} ${error.scimType}`).toBe(expected);
    expect(operations[1]?.request).toMatchObject({ method: 'DELETE' });
  });

  test('is refused as a whole when it is none', () => {
    expect(refused(() => decodeBulk1(BUILT_IN, []))).toBe('400 invalidSyntax');
    expect(refused(() => decodeBulk1(BUILT_IN, { Operations: 'x' }))).toBe('400 invalidSyntax');
    const many = Array.from({ length: 1001 }, () => null);
    expect(refused(() => decodeBulk1(BUILT_IN, { Operations: many }))).toBe('413 undefined');
  });
});

test('the answers have a status with a code and, for errors, a description', () => {
  const location = 'https://localhost:9443/wso2/scim/Users/u1';
  const answers: JsonObject[] = [
    { location, method: 'POST', bulkId: 'b', version: 'W/"1"', status: '201' },
    { location, method: 'DELETE', status: '204' },
    { method: 'POST', bulkId: 'c', status: '409', response: { status: '409', detail: 'Taken.' } },
    { status: '400', response: { status: '400', detail: 'No.' } },
  ];
  expect(bulkResponse1(answers)).toEqual({
    schemas: [CORE_1],
    Operations: [
      { status: { code: '201' }, location, method: 'POST', bulkId: 'b' },
      { status: { code: '200' }, location, method: 'DELETE' },
      { status: { code: '409', description: 'Taken.' }, method: 'POST', bulkId: 'c' },
      { status: { code: '400', description: 'No.' } },
    ],
  });
});
