import { secretNamesOf } from '../../src/core/redaction.ts';
import { BUILT_IN } from '../../src/core/registry.ts';
import { newResourceId } from '../../src/service/ids.ts';
import type { CapturedRequest, CapturedSource } from '../../src/storage/request-log.ts';

/** A request as the log gets it. */
export function capturedRequest(
  tenantId: string,
  { source, ...facts }: Partial<Omit<CapturedRequest, 'source'>> & { source?: Partial<CapturedSource> } = {},
): CapturedRequest {
  const time = facts.time ?? Date.now();
  return {
    source: {
      tenantId,
      integrationId: 'i1',
      credentialId: 'c1',
      credentialSuffix: 'abcd',
      userId: undefined,
      userAgent: 'test',
      contentType: undefined,
      address: '127.0.0.1',
      protocol: '2.0',
      method: 'GET',
      route: '/scim/v2/Users/:id',
      secretNames: secretNamesOf(BUILT_IN),
      authorization: undefined,
      ...source,
    },
    time,
    path: '/scim/v2/Users/u1',
    status: 200,
    ms: 1.5,
    requestId: newResourceId(time),
    requestBytes: undefined,
    responseBytes: 2,
    resourceId: 'u1',
    tolerances: [],
    requestBody: undefined,
    isMalformed: false,
    responseBody: '{}',
    failure: undefined,
    changes: [],
    ...facts,
  };
}
