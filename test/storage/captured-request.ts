import { secretNamesOf } from '../../src/core/redaction.ts';
import { BUILT_IN } from '../../src/core/registry.ts';
import { newResourceId } from '../../src/service/ids.ts';
import type { CapturedRequest } from '../../src/storage/request-log.ts';

/** A request as the log gets it. */
export function capturedRequest(tenantId: string, facts: Partial<CapturedRequest> = {}): CapturedRequest {
  const time = facts.time ?? Date.now();
  return {
    tenantId,
    id: newResourceId(time),
    time,
    integrationId: 'i1',
    credentialId: 'c1',
    credentialSuffix: 'abcd',
    userId: undefined,
    userAgent: 'test',
    contentType: undefined,
    protocol: '2.0',
    method: 'GET',
    path: '/scim/v2/Users/u1',
    route: '/scim/v2/Users/:id',
    status: 200,
    scimType: undefined,
    detail: undefined,
    reason: undefined,
    ms: 1.5,
    tolerances: [],
    requestId: newResourceId(time),
    address: '127.0.0.1',
    requestBytes: undefined,
    responseBytes: 2,
    resourceId: 'u1',
    requestBody: undefined,
    isMalformed: false,
    responseBody: '{}',
    changes: [],
    secretNames: secretNamesOf(BUILT_IN),
    authorization: undefined,
    ...facts,
  };
}
