/** scimmy and scimmy-routers on Express 4, over a Map in memory, with handlers as their documentation shows them. */
import { randomUUID } from 'node:crypto';
import express from 'express';
import { Resources, Schemas, Types } from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import { makeStoredUser, userIdOf } from '../user-data.ts';
import { readOptions, reportReady } from './peer.ts';

const { users, token } = readOptions();
const store = new Map<string, Record<string, unknown>>();
for (let index = 0; index < users; index += 1) store.set(userIdOf(index), makeStoredUser(index));

Resources.declare(Resources.User)
  .extend(Schemas.EnterpriseUser)
  .ingress((resource, data) => {
    const id = resource.id ?? randomUUID();
    const now = new Date().toISOString();
    const stored = { ...JSON.parse(JSON.stringify(data)), id, meta: { created: now, lastModified: now } };
    store.set(id, stored);
    return stored;
  })
  .egress((resource) => {
    if (resource.id === undefined) {
      return resource.filter ? resource.filter.match([...store.values()]) : [...store.values()];
    }
    const found = store.get(resource.id);
    if (found === undefined) throw new Types.Error(404, null, `Resource ${resource.id} not found`);
    return found;
  })
  .degress((resource) => {
    if (resource.id !== undefined) store.delete(resource.id);
  });

const app = express();
app.use(
  '/scim',
  new SCIMMYRouters({
    type: 'bearer',
    handler: (request) => {
      if (request.header('Authorization') !== `Bearer ${token}`) throw new Error('wrong token');
      return 'bench';
    },
  }),
);
const server = app.listen(0, '127.0.0.1', () => reportReady(server));
