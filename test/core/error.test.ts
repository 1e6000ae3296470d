import { expect, test } from 'vitest';
import * as errors from '../../src/core/error.ts';

test.each([
  { make: errors.invalidSyntax, status: 400, scimType: 'invalidSyntax' },
  { make: errors.invalidValue, status: 400, scimType: 'invalidValue' },
  { make: errors.invalidPath, status: 400, scimType: 'invalidPath' },
  { make: errors.invalidFilter, status: 400, scimType: 'invalidFilter' },
  { make: errors.noTarget, status: 400, scimType: 'noTarget' },
  { make: errors.mutability, status: 400, scimType: 'mutability' },
  { make: errors.conflict, status: 409, scimType: 'uniqueness' },
  { make: errors.notFound, status: 404, scimType: undefined },
])('RFC 7644 3.12 table 9: $status $scimType', ({ make, status, scimType }) => {
  const error = make('What went wrong.');
  expect(error).toBeInstanceOf(errors.ScimError);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'ScimError', message: 'What went wrong.', status, scimType });
});

test('RFC 7644 3.12: the body of an error has the schema, the status as a string, scimType and detail', () => {
  expect(errors.errorBody(errors.badRequest('tooMany', 'Too many.'))).toStrictEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '400',
    scimType: 'tooMany',
    detail: 'Too many.',
  });
});

test('an error without scimType has none in its body', () => {
  expect(errors.errorBody(errors.notFound('Nobody.'))).toStrictEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '404',
    detail: 'Nobody.',
  });
});
