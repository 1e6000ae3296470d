import type { Plan } from '../measurement.ts';
import type { RequestTemplate } from '../request-template.ts';

const connections = 32;

export const getById: RequestTemplate = {
  label: 'GET /Users/{id}',
  method: 'GET',
  path: '/Users/<id>',
  status: 200,
  includes: '<id>',
};

export const filterByUserName: RequestTemplate = {
  label: 'GET /Users?filter=userName eq',
  method: 'GET',
  path: '/Users?filter=userName%20eq%20%22<userName>%22',
  status: 200,
  includes: '"<userName>"',
};

/** The same of SCIM 1.1; its servers are addressed apart. */
export const getById1: RequestTemplate = { ...getById, label: 'GET 1.1 /Users/{id}' };

export const filterByUserName1: RequestTemplate = {
  ...filterByUserName,
  label: 'GET 1.1 /Users?filter=userName eq',
};

export const createUser: RequestTemplate = {
  label: 'POST /Users',
  method: 'POST',
  path: '/Users',
  body: '<user>',
  status: 201,
  includes: '"<userName>"',
};

/** One kind of request over 32 keep-alive connections, each sending as soon as it was answered. */
export function underLoad(template: RequestTemplate, seconds: number): Plan {
  return { templates: [template], connections, seconds };
}

/** Requests one after another on one connection, templates in turn, so many of each. */
export function oneByOne(templates: readonly RequestTemplate[], each: number, seconds: number): Plan {
  return { templates, connections: 1, requests: each * templates.length, seconds };
}
