import { expect, test } from 'vitest';
import { changedAttributes } from '../../src/core/changed-attributes.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';

const ENTERPRISE = ENTERPRISE_USER_SCHEMA;

const rows: readonly [what: string, before: JsonObject, after: JsonObject, changed: string[]][] = [
  ['values that came', {}, { userName: 'a', title: 'x', emails: [] }, ['userName', 'title']],
  ['nothing', { userName: 'a' }, { userName: 'a' }, []],
  [
    'another order of keys',
    { name: { givenName: 'a', familyName: 'b' } },
    { name: { familyName: 'b', givenName: 'a' } },
    [],
  ],
  ['no value in two ways', { nickName: null }, { emails: [] }, []],
  ['one that came and one that went', { title: 'x' }, { nickName: 'y' }, ['nickName', 'title']],
  ['a part', { name: { givenName: 'a' } }, { name: { givenName: 'b' } }, ['name']],
  ['what the server says', { id: '1', schemas: ['a'] }, { id: '2', schemas: ['b'] }, []],
  [
    'an extension',
    { [ENTERPRISE]: { department: 'a' } },
    { [ENTERPRISE]: { department: 'b' } },
    [`${ENTERPRISE}:department`],
  ],
  ['an extension that went', { [ENTERPRISE]: { department: 'a' } }, {}, [`${ENTERPRISE}:department`]],
];

test.each(rows)('%s', (_what, before, after, changed) => {
  expect(changedAttributes(USER_TYPE, before, after)).toEqual(changed);
});

test('membership is no attribute of a document', () => {
  const after = { displayName: 'x', members: [{ value: '1' }] };
  expect(changedAttributes(GROUP_TYPE, {}, after)).toEqual(['displayName']);
});
