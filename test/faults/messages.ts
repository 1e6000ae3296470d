import { GROUP_SCHEMA } from '../../src/core/schemas/group.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';

export const userNamed = (userName: string, attributes: object = {}) => ({
  schemas: [USER_SCHEMA],
  userName,
  name: { givenName: 'Grace', familyName: userName },
  emails: [{ value: `${userName}@example.com`, type: 'work', primary: true }],
  ...attributes,
});

export const groupNamed = (displayName: string, attributes: object = {}) => ({
  schemas: [GROUP_SCHEMA],
  displayName,
  ...attributes,
});

export const patchOf = (...operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});

export const bulkOf = (operations: readonly object[], attributes: object = {}) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
  ...attributes,
  Operations: operations,
});

/** The counter in an ETag, `W/"3"`. */
export const versionIn = (etag: string | undefined): number => Number(/^W\/"(\d+)"$/.exec(etag ?? '')?.[1]);
