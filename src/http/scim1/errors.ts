import { ScimError } from '../../core/error.ts';
import { errorBody1 } from '../../core/v1/error.ts';
import { type ErrorHandler, errorHandler } from '../errors.ts';
import { JSON_MEDIA_TYPE } from './protocol.ts';

/** Failures as clients of SCIM 1.1 are told them (REST API 1.1 section 3.9). */
export const sendError1: ErrorHandler = errorHandler({
  mediaType: JSON_MEDIA_TYPE,
  challenge: 'Basic realm="SCIM", Bearer realm="SCIM"',
  // this version has one status for every wrong format
  adapt: (error) => (error.status === 415 ? new ScimError(406, error.message) : error),
  errorJson: errorBody1,
});
