import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import { z } from 'zod';
import { problem } from './contract/common.ts';
import type { RouteDeclaration } from './contract/route.ts';

/** What the routes of a scope are checked by and described with; comes before them. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Roster admin API',
        version,
        description:
          'Tenants, integrations, users, groups and what happened. Sign in by `POST /session`, which sets a cookie, or send ' +
          'the API key of an operator. A change by cookie also needs the header `X-Roster-Request: 1`.',
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: '__Host-roster-session' },
          key: { type: 'http', scheme: 'bearer', description: 'An API key of an operator: `rosterop_…`.' },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) =>
      withUsedSchemas(jsonSchemaTransformObject(document) as OpenAPIV3_1.Document),
  });
}

/** Each schema comes in the form that is sent and in the form that is received: without what no route refers to. */
function withUsedSchemas(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  const schemas = Object.entries(document.components?.schemas ?? {});
  const used = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name === undefined || used.has(name)) continue;
      used.add(name);
      visit(schemas.find(([known]) => known === name)?.[1] ?? {});
    }
  };
  visit(document.paths);
  const kept = Object.fromEntries(schemas.filter(([name]) => used.has(name)));
  return { ...document, components: { ...document.components, schemas: kept } };
}

/** The page that shows the document; everything of it comes from this server. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/** Serves the document and its page. */
export async function publishApi(app: FastifyInstance): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(app.swagger())),
  );
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: PAGE_POLICY,
    uiConfig: { validatorUrl: null, docExpansion: 'none', tagsSorter: 'alpha', tryItOutEnabled: false },
    theme: {
      title: 'Roster admin API',
      css: [{ filename: 'page.css', content: '.swagger-ui .topbar { display: none; }' }],
    },
  });
}

/** Descriptions of refusals that routes have in common. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'A value is missing or wrong.',
  401: 'Nobody knows who asks.',
  403: 'The operator may not, has to confirm who it is first, or the request comes from another site.',
  404: 'There is no such tenant that the operator can see.',
  413: 'The body is too large.',
  415: 'The body is no JSON in UTF-8.',
  429: 'Too many requests; `Retry-After` says when to come again.',
  503: 'The server cannot answer now.',
};

/** The declaration of a route in Fastify's words. */
export function schemaOf(operationId: string, declaration: RouteDeclaration): FastifySchema {
  const { tag, summary, description, access, params, query, body } = declaration;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(params !== undefined && { params }),
    ...(query !== undefined && { querystring: query }),
    ...(body !== undefined && { body }),
    security: access === 'anyone' ? [] : [{ session: [] }, { key: [] }],
    response: { ...successOf(declaration), ...refusalsOf(declaration) },
  };
}

function successOf({ answer, status, mediaTypes }: RouteDeclaration): object {
  if (mediaTypes !== undefined) {
    const content = Object.fromEntries(mediaTypes.map((type) => [type, { schema: z.string() }]));
    return { 200: { description: 'A stream of text.', content } };
  }
  if (answer !== undefined)
    return {
      [status ?? 200]: { description: 'Done.', content: { 'application/json': { schema: answer } } },
    };
  return { [status ?? 204]: z.undefined().describe(status === 302 ? 'Go there.' : 'Done.') };
}

function refusalsOf({ access, path, params, query, body, errors }: RouteDeclaration): object {
  const takes = [params, query, body].some((part) => part !== undefined);
  const common = [
    ...(takes ? [400] : []),
    ...(body === undefined ? [] : [413, 415]),
    ...(access === 'anyone' ? [] : [401]),
    403,
    ...(path.startsWith('/tenants/{tenant}') ? [404] : []),
    429,
    503,
  ];
  const described = { ...Object.fromEntries(common.map((status) => [status, REFUSALS[status]])), ...errors };
  return Object.fromEntries(
    Object.entries(described).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: problem } } },
    ]),
  );
}
