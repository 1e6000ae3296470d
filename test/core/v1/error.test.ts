import { expect, test } from 'vitest';
import { invalidValue, notFound } from '../../../src/core/error.ts';
import { errorBody1 } from '../../../src/core/v1/error.ts';

test('an error has a description and its status as a string', () => {
  expect(errorBody1(notFound('There is no User with this id.'))).toEqual({
    Errors: [{ description: 'There is no User with this id.', code: '404' }],
  });
  expect(errorBody1(invalidValue('No.'))).toEqual({ Errors: [{ description: 'No.', code: '400' }] });
});
