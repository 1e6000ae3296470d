import type { ScimError } from '../error.ts';

/** The JSON body of an error answer in SCIM 1.1 (REST API 1.1 section 3.9): `code` is the status as a string. */
export interface ErrorBody1 {
  Errors: [{ description: string; code: string }];
}

export const errorBody1 = (error: ScimError): ErrorBody1 => ({
  Errors: [{ description: error.message, code: String(error.status) }],
});
