import { decodeResource } from '../../src/core/decode.ts';
import { readFilter } from '../../src/core/filter-binding.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { matches } from '../../src/core/match.ts';
import { applyPatch } from '../../src/core/patch.ts';
import { decodePatch, PATCH_SCHEMA } from '../../src/core/patch-operation.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import type { Tolerance, ToleranceName } from '../../src/core/tolerance.ts';
import { deepFreeze, group, type OperationJson, patchBody, user } from './fixtures.ts';

/** A request that a row of TOLERANCES lets through. */
export interface Case {
  row: ToleranceName;
  name: string;
  /** What the request comes to; thrown errors are refusals. */
  request: (tolerance: Tolerance) => unknown;
  /** In the standard dialect. */
  outcome: unknown;
  /** In the strict dialect. */
  refusal: string;
}

export const MANAGER = `${ENTERPRISE_USER_SCHEMA}:manager`;
export const work = { value: 'w@x.org', type: 'work' };
export const home = { value: 'h@x.org', type: 'home' };

/** The attributes of a user, besides the required ones, after it was posted. */
export const posted =
  (attributes: JsonObject) =>
  (tolerance: Tolerance): JsonObject => {
    const {
      schemas: _schemas,
      userName: _userName,
      ...rest
    } = decodeResource(
      USER_TYPE,
      deepFreeze({ schemas: [USER_SCHEMA], userName: 'b', ...attributes }),
      tolerance,
    );
    return rest;
  };

const patchedWith =
  (body: JsonObject, before: JsonObject = {}) =>
  (tolerance: Tolerance): JsonObject => {
    const operations = decodePatch(USER_TYPE, deepFreeze(body), tolerance);
    const {
      schemas: _schemas,
      userName: _userName,
      ...rest
    } = applyPatch(USER_TYPE, deepFreeze(user(before)), operations, tolerance).resource;
    return rest;
  };

export const patched = (operation: OperationJson, before: JsonObject = {}) =>
  patchedWith(patchBody(operation), before);

export const memberSteps = (operation: OperationJson) => (tolerance: Tolerance) =>
  applyPatch(GROUP_TYPE, group(), decodePatch(GROUP_TYPE, patchBody(operation), tolerance), tolerance)
    .members;

export const found =
  (filter: string, attributes: JsonObject = {}) =>
  (tolerance: Tolerance): boolean =>
    matches(readFilter(USER_TYPE, filter, tolerance), user(attributes));

/** Rows about the answer to a request that both dialects take; test/http/groups-patch.test.ts has their cases. */
export const ANSWER_ROWS: readonly ToleranceName[] = ['group-patch-without-body'];

export const CASES: readonly Case[] = [
  {
    row: 'operation-name-case',
    name: 'Replace',
    request: patched({ op: 'Replace', path: 'title', value: 'T' }),
    outcome: { title: 'T' },
    refusal: '400 invalidSyntax',
  },
  {
    row: 'operation-name-case',
    name: 'REMOVE',
    request: patched({ op: 'REMOVE', path: 'title' }, { title: 'T' }),
    outcome: {},
    refusal: '400 invalidSyntax',
  },
  {
    row: 'boolean-as-string',
    name: 'active "False" in a PATCH',
    request: patched({ op: 'replace', path: 'active', value: 'False' }, { active: true }),
    outcome: { active: false },
    refusal: '400 invalidValue',
  },
  {
    row: 'boolean-as-string',
    name: 'active "true" in a POST',
    request: posted({ active: 'true', emails: [{ ...work, primary: 'TRUE' }] }),
    outcome: { active: true, emails: [{ ...work, primary: true }] },
    refusal: '400 invalidValue',
  },
  {
    row: 'boolean-as-string',
    name: 'primary eq "True" in a filter',
    request: found('emails[primary eq "True"]', { emails: [{ ...work, primary: true }] }),
    outcome: true,
    refusal: '400 invalidFilter',
  },
  {
    row: 'unquoted-filter-value',
    name: 'userName Eq bjensen',
    request: found('userName Eq BJensen'),
    outcome: true,
    refusal: '400 invalidFilter',
  },
  {
    row: 'unquoted-filter-value',
    name: 'a value that looks like a number',
    request: found('nickName eq 42', { nickName: '42' }),
    outcome: true,
    refusal: '400 invalidFilter',
  },
  {
    row: 'unquoted-filter-value',
    name: 'an e-mail address',
    request: found('emails co w@x.org and active eq true', { emails: [work], active: true }),
    outcome: true,
    refusal: '400 invalidFilter',
  },
  {
    row: 'unquoted-filter-value',
    name: 'in a PATCH path',
    request: patched({ op: 'remove', path: 'emails[type eq work]' }, { emails: [work, home] }),
    outcome: { emails: [home] },
    refusal: '400 invalidPath',
  },
  {
    row: 'filter-element-sub-attribute',
    name: 'both parts in one element',
    request: found('emails[type eq "work"].value eq "w@x.org"', { emails: [work, home] }),
    outcome: true,
    refusal: '400 invalidFilter',
  },
  {
    row: 'filter-element-sub-attribute',
    name: 'the parts in two elements do not match',
    request: found('emails[type eq "work"].value eq "h@x.org" or emails[type eq "fax"].value pr', {
      emails: [work, home],
    }),
    outcome: false,
    refusal: '400 invalidFilter',
  },
  {
    row: 'path-in-value-key',
    name: 'a dotted key',
    request: patched({ op: 'replace', value: { 'name.givenName': 'B' } }, { name: { familyName: 'J' } }),
    outcome: { name: { familyName: 'J', givenName: 'B' } },
    refusal: '400 invalidPath',
  },
  {
    row: 'path-in-value-key',
    name: 'URNs with attributes',
    request: patched({
      op: 'add',
      value: {
        [`${ENTERPRISE_USER_SCHEMA}:department`]: 'R',
        [`${USER_SCHEMA}:title`]: 'T',
        [`${MANAGER}.value`]: 'm',
      },
    }),
    outcome: { title: 'T', [ENTERPRISE_USER_SCHEMA]: { department: 'R', manager: { value: 'm' } } },
    refusal: '400 invalidPath',
  },
  {
    row: 'path-in-value-key',
    name: 'a value path',
    request: patched(
      { op: 'replace', value: { 'emails[type eq "work"].value': 'n' } },
      { emails: [work, home] },
    ),
    outcome: { emails: [{ ...work, value: 'n' }, home] },
    refusal: '400 invalidPath',
  },
  {
    row: 'remove-with-value',
    name: 'values of an attribute',
    request: patched(
      { op: 'remove', path: 'emails', value: [{ value: 'w@x.org' }] },
      { emails: [work, home] },
    ),
    outcome: { emails: [home] },
    refusal: '400 invalidSyntax',
  },
  {
    row: 'remove-with-value',
    name: 'members',
    request: memberSteps({ op: 'remove', path: 'members', value: [{ value: 'a', $ref: null }] }),
    outcome: [{ kind: 'remove', ids: ['a'] }],
    refusal: '400 invalidSyntax',
  },
  {
    row: 'create-missing-element',
    name: 'replace of a part',
    request: patched({ op: 'replace', path: 'phoneNumbers[type eq "mobile"].value', value: '1' }),
    outcome: { phoneNumbers: [{ type: 'mobile', value: '1' }] },
    refusal: '400 noTarget',
  },
  {
    row: 'create-missing-element',
    name: 'add of a part',
    request: patched({ op: 'add', path: 'roles[primary eq true].value', value: 'Admin' }),
    outcome: { roles: [{ primary: true, value: 'Admin' }] },
    refusal: '400 noTarget',
  },
  {
    row: 'foreign-schema-urn',
    name: 'a URN of SCIM 1.1',
    request: posted({ schemas: ['urn:scim:schemas:core:1.0', USER_SCHEMA] }),
    outcome: {},
    refusal: '400 invalidValue',
  },
  {
    row: 'foreign-schema-urn',
    name: 'no URN at all',
    request: (tolerance) => decodeResource(GROUP_TYPE, { displayName: 'G' }, tolerance).displayName,
    outcome: 'G',
    refusal: '400 invalidValue',
  },
  {
    row: 'read-only-in-patch-value',
    name: 'id and groups beside the change',
    request: patched({ op: 'replace', value: { id: 'x', title: 'T', groups: [{ value: 'g' }] } }),
    outcome: { title: 'T' },
    refusal: '400 mutability',
  },
  {
    row: 'scalar-for-complex',
    name: 'the id of a manager',
    request: patched({ op: 'add', path: MANAGER, value: 'm' }),
    outcome: { [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm' } } },
    refusal: '400 invalidValue',
  },
  {
    row: 'scalar-for-complex',
    name: 'the empty string takes the manager away',
    request: patched(
      { op: 'replace', path: MANAGER, value: '' },
      { [ENTERPRISE_USER_SCHEMA]: { manager: { value: 'm' } } },
    ),
    outcome: {},
    refusal: '400 invalidValue',
  },
  {
    row: 'single-element-array',
    name: 'a string',
    request: posted({ title: ['T'] }),
    outcome: { title: 'T' },
    refusal: '400 invalidValue',
  },
  {
    row: 'single-element-array',
    name: 'a manager',
    request: patched({ op: 'replace', path: MANAGER, value: [{ $ref: '../Users/m', value: 'm' }] }),
    outcome: { [ENTERPRISE_USER_SCHEMA]: { manager: { $ref: '../Users/m', value: 'm' } } },
    refusal: '400 invalidValue',
  },
  {
    row: 'single-element-array',
    name: 'the element of a value path',
    request: patched({ op: 'replace', path: 'emails[type eq "work"]', value: [home] }, { emails: [work] }),
    outcome: { emails: [home] },
    refusal: '400 invalidValue',
  },
  {
    row: 'object-for-array',
    name: 'one e-mail address',
    request: posted({ emails: work }),
    outcome: { emails: [work] },
    refusal: '400 invalidValue',
  },
  {
    row: 'empty-operations',
    name: 'nothing changes',
    request: patchedWith({ schemas: [PATCH_SCHEMA], Operations: [] }, { title: 'T' }),
    outcome: { title: 'T' },
    refusal: '400 invalidSyntax',
  },
  {
    row: 'message-schema-missing',
    name: 'no schemas',
    request: patchedWith({ Operations: [{ op: 'add', path: 'title', value: 'T' }] }),
    outcome: { title: 'T' },
    refusal: '400 invalidSyntax',
  },
  {
    row: 'scalar-member',
    name: 'the id alone',
    request: memberSteps({ op: 'add', path: 'members', value: 'a' }),
    outcome: [{ kind: 'add', members: [{ value: 'a', type: undefined }] }],
    refusal: '400 invalidValue',
  },
  {
    row: 'scalar-member',
    name: 'a list of ids',
    request: memberSteps({ op: 'add', value: { members: ['a', 'b'] } }),
    outcome: [
      {
        kind: 'add',
        members: [
          { value: 'a', type: undefined },
          { value: 'b', type: undefined },
        ],
      },
    ],
    refusal: '400 invalidValue',
  },
  {
    row: 'reference-not-uri',
    name: 'an address with a blank in a POST',
    request: posted({ profileUrl: 'http://x.org/my page' }),
    outcome: { profileUrl: 'http://x.org/my page' },
    refusal: '400 invalidValue',
  },
  {
    row: 'reference-not-uri',
    name: 'the address of a photo in a PATCH',
    request: patched({ op: 'add', path: 'photos', value: [{ value: 'C:\\me.png', type: 'photo' }] }),
    outcome: { photos: [{ value: 'C:\\me.png', type: 'photo' }] },
    refusal: '400 invalidValue',
  },
];
