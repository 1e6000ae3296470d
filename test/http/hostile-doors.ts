import fc from 'fast-check';
import { USER_TYPE } from '../../src/core/registry.ts';
import { deviceBody, FULL_DEVICE } from './device-server.ts';
import {
  attributeName,
  encoded,
  filterText,
  groupJson,
  type HostileRequest,
  likelyPatch,
  near,
  operation,
  strangeText,
  strangeValue,
  userJson,
} from './hostile-requests.ts';
import { patchBody } from './messages.ts';

const message = (name: string): string => `urn:ietf:params:scim:api:messages:2.0:${name}`;

/** What a cursor parameter may hold: one that the server gave, and what is none. */
const cursor = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', '{cursor}') },
  { weight: 1, arbitrary: fc.constantFrom('{cursor}A', 'x'.repeat(60), 'A'.repeat(4096)) },
  { weight: 1, arbitrary: strangeText },
);

const count = fc.constantFrom(1, 1, 1, 0, -1, 2, 5000, 1e9);

const searchJson = fc.record(
  {
    schemas: fc.constant([message('SearchRequest')]),
    filter: filterText,
    sortBy: attributeName,
    sortOrder: fc.constantFrom('ascending', 'descending'),
    startIndex: fc.integer(),
    count,
    cursor,
    attributes: fc.array(attributeName, { maxLength: 3 }),
    excludedAttributes: fc.array(attributeName, { maxLength: 3 }),
  },
  { requiredKeys: ['schemas'] },
);

const deviceJson = fc.constant(null).map(() => deviceBody(FULL_DEVICE));

const devicePatch = fc
  .tuple(
    fc.constantFrom('add', 'replace', 'remove'),
    fc.constantFrom(
      ...Object.keys(FULL_DEVICE),
      'maker.value',
      'ports[value eq 80]',
      'serial',
      'maker[value pr]',
    ),
    strangeValue,
  )
  .map(([op, path, value]) => patchBody({ op, path, ...(op !== 'remove' && { value }) }));

const path = fc.constantFrom(
  ...[
    '/Users/{user}',
    '/Groups/{group}',
    '/Devices/{device}',
    '/Users/bulkId:a',
    '/Groups/bulkId:b',
    '/Users',
    '/Bulk',
  ],
);

const bulkOperation = fc.oneof(
  fc.record({
    method: fc.constant('POST'),
    path: fc.constantFrom('/Users', '/Groups', '/Devices'),
    bulkId: fc.constantFrom('a', 'b', 'c'),
    data: fc.oneof(userJson, groupJson, deviceJson),
  }),
  fc.record(
    {
      method: fc.constantFrom('PUT', 'PATCH', 'DELETE'),
      path,
      version: fc.oneof(fc.constantFrom('W/"1"', '*'), strangeText),
      data: fc.oneof(
        userJson,
        groupJson,
        likelyPatch(USER_TYPE),
        operation.map((one) => patchBody(one)),
      ),
    },
    { requiredKeys: ['method', 'path'] },
  ),
  fc.constant({
    method: 'PATCH',
    path: '/Groups/{group}',
    data: patchBody({ op: 'add', path: 'members', value: [{ value: 'bulkId:a' }] }),
  }),
);

const bulkJson = fc.record(
  {
    schemas: fc.constant([message('BulkRequest')]),
    failOnErrors: fc.integer({ min: -1, max: 3 }),
    Operations: fc.array(bulkOperation, { maxLength: 6 }),
  },
  { requiredKeys: ['schemas', 'Operations'] },
);

/** Requests to what lies beside the endpoints of users and groups, right but for one place at most. */
export const hostileDoor: fc.Arbitrary<HostileRequest> = fc.oneof(
  ...['', '/Users', '/Groups', '/Devices'].map((endpoint) => near('POST', `${endpoint}/.search`, searchJson)),
  near('POST', '/Bulk', bulkJson),
  near('POST', '/Bulk', bulkJson),
  near('POST', '/Devices', deviceJson),
  near(
    'PUT',
    '/Devices/{device}',
    deviceJson.map((device) => ({ ...device, serial: '{serial}' })),
  ),
  near('PATCH', '/Devices/{device}', devicePatch),
  near('PUT', '/Me', userJson),
  near('PATCH', '/Me', likelyPatch(USER_TYPE)),
  fc
    .tuple(
      fc.constantFrom('/Users', '/Groups', '/Devices', '/'),
      count,
      cursor,
      fc.option(filterText, { freq: 1 }),
    )
    .map(([endpoint, size, place, filter]) => ({
      method: 'GET',
      url: `${endpoint}?count=${size}&cursor=${encoded(place).replace('%7Bcursor%7D', '{cursor}')}${filter === null ? '' : `&filter=${encoded(filter)}`}`,
      headers: {},
      body: undefined,
    })),
  fc.constant({ method: 'GET', url: '/Me', headers: {}, body: undefined }),
);
