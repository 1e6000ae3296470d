import { indexValues } from '../../src/core/index-values.ts';
import { USER_TYPE } from '../../src/core/registry.ts';
import type { Resource } from '../../src/core/resource.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { SAP_USER_SCHEMA } from '../../src/core/schemas/sap-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { timeKey } from '../../src/core/time.ts';
import { newResourceId } from '../../src/service/ids.ts';
import type { ResourceWrite } from '../../src/storage/storage.ts';

/** Makes of the body of a POST what Roster writes and answers, by Roster's own modules, without a look whether it is right. */
export function newUser(text: string): { write: ResourceWrite; answer: string } {
  const { schemas: _, ...user } = JSON.parse(text) as Resource;
  const nowMs = Date.now();
  const id = newResourceId(nowMs);
  const time = timeKey(nowMs);
  const resource: Resource = {
    schemas: [USER_SCHEMA, ENTERPRISE_USER_SCHEMA, SAP_USER_SCHEMA],
    id,
    ...user,
    [SAP_USER_SCHEMA]: { userUuid: newResourceId(nowMs) },
  };
  const doc = JSON.stringify(resource);
  const meta = JSON.stringify({
    resourceType: USER_TYPE.name,
    created: `${time}Z`,
    lastModified: `${time}Z`,
    location: `http://127.0.0.1:8080/scim/v2/Users/${id}`,
    version: 'W/"1"',
  });
  return {
    write: {
      type: USER_TYPE.name,
      store: 'primary',
      stored: { id, doc, version: 1, created: time, lastModified: time },
      values: indexValues(USER_TYPE, resource),
    },
    answer: `${doc.slice(0, -1)},"meta":${meta}}`,
  };
}
