import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { Caller } from '../../../src/http/admin/caller.ts';
import type { Answer, TestServer } from '../../support/server.ts';

/** Whom a test request comes from: it is named in a header, and known by `identifyByName`. */
export type Callers = Readonly<Record<string, Caller>>;

const HEADER = 'x-test-caller';

export const identifyByName =
  (callers: () => Callers) =>
  async ({ headers }: { headers: Record<string, unknown> }): Promise<Caller | undefined> =>
    callers()[String(headers[HEADER])];

export const caller = (role: Caller['operator']['role'], tenantId?: string): Caller => ({
  operator: {
    ...{ id: `${role}1`, email: `${role}@example.com`, name: role, role, tenantId, tenantDomain: undefined },
    ...{
      active: true,
      created: new Date().toISOString(),
      lastSignIn: undefined,
      hasPassword: true,
      hasTotp: false,
    },
  },
  session: { id: 'session', authenticated: Date.now(), ends: Date.now() + 3_600_000 },
});

/** Requests of the admin API whose every answer is held against the OpenAPI document of the server. */
export interface AdminClient {
  request(method: string, path: string, body?: unknown, headers?: Headers): Promise<Answer>;
}

/** One that is undefined is left out. */
type Headers = Readonly<Record<string, string | undefined>>;

export async function adminClient(server: TestServer, name: string): Promise<AdminClient> {
  const { json: document } = await server.send('GET', '/openapi.json', {});
  const check = answerChecker(document);
  return {
    async request(method, path, body, headers = {}) {
      const all = {
        'x-roster-request': '1',
        [HEADER]: name,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      };
      const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
      const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await server.send(method, `/api/v1${path}`, Object.fromEntries(given), payload);
      check(method, `/api/v1${path}`, answer);
      return answer;
    },
  };
}

interface OpenApiDocument {
  readonly paths: Record<string, Record<string, { responses: Record<string, Response> }>>;
}

interface Response {
  readonly content?: Record<string, { schema?: object }>;
}

/** Fails where an answer is none that the document describes. */
export function answerChecker(
  document: OpenApiDocument,
): (method: string, path: string, answer: Answer) => void {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'openapi');
  const templates = Object.keys(document.paths)
    // a path without parameters comes before one that also fits
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .map((template) => ({
      template,
      pattern: new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    }));
  return (method, path, answer) => {
    const [pathname = ''] = path.split('?');
    const found = templates.find(
      ({ pattern, template }) => pattern.test(pathname) && document.paths[template]?.[method.toLowerCase()],
    );
    if (found === undefined) {
      expect(answer.status, `${method} ${path} is in no OpenAPI document`).toBe(404);
      return;
    }
    const operation = document.paths[found.template]?.[method.toLowerCase()];
    const response = operation?.responses[answer.status];
    expect(response, `${method} ${found.template} answers ${answer.status}: ${answer.text}`).toBeDefined();
    const [type = ''] = String(answer.headers['content-type'] ?? '').split(';');
    const schema = response?.content?.[type]?.schema;
    if (answer.text === '' || answer.json === undefined) return;
    expect(schema, `${method} ${found.template} answers ${answer.status} with ${type}`).toBeDefined();
    const pointer = [
      'paths',
      found.template,
      method.toLowerCase(),
      'responses',
      answer.status,
      'content',
      type,
      'schema',
    ];
    const validate = ajv.getSchema(
      `openapi#/${pointer.map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`,
    );
    expect(validate).toBeDefined();
    const isValid = validate?.(answer.json);
    expect(
      isValid,
      `${method} ${found.template} ${answer.status}: ${ajv.errorsText(validate?.errors)}\n${answer.text}`,
    ).toBe(true);
  };
}
