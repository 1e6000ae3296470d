import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN_ROUTES } from '../../../src/http/admin/contract/admin-api.ts';
import type { RouteDeclaration } from '../../../src/http/admin/contract/route.ts';
import { startServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly responses: Record<string, { description?: string }>;
}

describe('the OpenAPI document', () => {
  it('is one of OpenAPI 3.1', async () => {
    const { text } = await server.send('GET', '/openapi.json', {});
    const result = await new Validator().validate(JSON.parse(text));
    expect(result).toMatchObject({ valid: true });
    expect(JSON.parse(text).openapi).toMatch(/^3\.1\./);
  });

  it('has every route, with a summary, and its refusals', async () => {
    const { json: document } = await server.send('GET', '/openapi.json', {});
    const operations = new Map<string, Operation>(
      Object.values(document.paths as Record<string, Record<string, Operation>>)
        .flatMap((methods) => Object.values(methods))
        .map((operation) => [operation.operationId, operation]),
    );
    expect([...operations.keys()].sort()).toEqual(Object.keys(ADMIN_ROUTES).sort());
    for (const [name, declaration] of Object.entries<RouteDeclaration>(ADMIN_ROUTES)) {
      const operation = operations.get(name);
      expect(operation?.summary, name).toBeTruthy();
      expect(operation?.tags, name).toEqual([declaration.tag]);
      const statuses = Object.keys(operation?.responses ?? {});
      expect(statuses, name).toEqual(
        expect.arrayContaining(['403', '429', ...Object.keys(declaration.errors ?? {})]),
      );
    }
  });

  it('names no schema that it lacks, and none in vain', async () => {
    const { text, json } = await server.send('GET', '/openapi.json', {});
    const named = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name));
    expect([...named].sort()).toEqual(Object.keys(json.components.schemas).sort());
  });
});

describe('the page of the admin API', () => {
  it('is served without a part from elsewhere', async () => {
    const page = await server.send('GET', '/docs', {});
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    for (const url of ['/docs', '/openapi.json', '/api/v1/session', '/api/v1/nothing'])
      expect((await server.send('GET', url, {})).headers, url).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    expect(page.text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    for (const [, url = ''] of page.text.matchAll(/(?:src|href)="([^"]+)"/g))
      expect((await server.send('GET', url, {})).status, url).toBe(200);
  });
});
