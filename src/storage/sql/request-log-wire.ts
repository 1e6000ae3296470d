import type { CapturedRequest } from '../request-log.ts';

/**
 * Requests on their way to the thread that writes them: a list for each, as names of properties would be copied with every
 * one of them. What many have in common is one object, which is copied once.
 */
export type PackedRequest = readonly [
  CapturedRequest['source'],
  CapturedRequest['time'],
  CapturedRequest['path'],
  CapturedRequest['status'],
  CapturedRequest['ms'],
  CapturedRequest['requestId'],
  CapturedRequest['requestBytes'],
  CapturedRequest['responseBytes'],
  CapturedRequest['resourceId'],
  CapturedRequest['tolerances'] | undefined,
  CapturedRequest['requestBody'],
  CapturedRequest['isMalformed'],
  CapturedRequest['responseBody'],
  CapturedRequest['failure'],
  CapturedRequest['changes'] | undefined,
];

export const packed = (request: CapturedRequest): PackedRequest => [
  request.source,
  request.time,
  request.path,
  request.status,
  request.ms,
  request.requestId,
  request.requestBytes,
  request.responseBytes,
  request.resourceId,
  request.tolerances.length === 0 ? undefined : request.tolerances,
  request.requestBody,
  request.isMalformed,
  request.responseBody,
  request.failure,
  request.changes.length === 0 ? undefined : request.changes,
];

export const unpacked = (fields: PackedRequest): CapturedRequest => ({
  source: fields[0],
  time: fields[1],
  path: fields[2],
  status: fields[3],
  ms: fields[4],
  requestId: fields[5],
  requestBytes: fields[6],
  responseBytes: fields[7],
  resourceId: fields[8],
  tolerances: fields[9] ?? [],
  requestBody: fields[10],
  isMalformed: fields[11],
  responseBody: fields[12],
  failure: fields[13],
  changes: fields[14] ?? [],
});
