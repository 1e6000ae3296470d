import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { DefinitionError } from '../../core/definition-error.ts';
import { ScimError } from '../../core/error.ts';
import { type Problem as Kind, ServiceError } from '../../service/service-error.ts';
import type { Problem } from './contract/admin-api.ts';

const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

const STATUS_OF: Readonly<Record<Kind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  reauthenticate: 403,
  notFound: 404,
  conflict: 409,
  gone: 410,
  tooMany: 429,
  failed: 503,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'Something in the request is wrong',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not possible here',
  409: 'In conflict with what is there',
  410: 'Gone',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Not JSON',
  429: 'Too many requests',
  431: 'Too large',
  503: 'Not possible at the moment',
};

const REAUTHENTICATE = 'urn:roster:reauthenticate';

interface Refusal {
  readonly status: number;
  readonly detail: string;
  readonly type?: string;
  readonly more?: Pick<Problem, 'fields' | 'scimType' | 'position'>;
  readonly retryAfter?: number | undefined;
}

const field = (path: string, message: string): Pick<Problem, 'fields'> => ({ fields: [{ path, message }] });

function refusalOf(error: unknown, request: FastifyRequest): Refusal {
  if (error instanceof ServiceError) {
    const { problem, message, retryAfter } = error;
    return {
      status: STATUS_OF[problem],
      detail: message,
      retryAfter,
      ...(problem === 'reauthenticate' && { type: REAUTHENTICATE }),
      ...(error.field !== undefined && { more: field(error.field, message) }),
    };
  }
  if (error instanceof ScimError) {
    const { status, message, scimType, position, attribute, retryAfter } = error;
    const more = {
      ...(scimType !== undefined && { scimType }),
      ...(position !== undefined && { position }),
      ...(attribute !== undefined && field(attribute, message)),
    };
    return { status, detail: message, retryAfter, more };
  }
  if (error instanceof DefinitionError)
    return { status: 400, detail: error.message, more: field(error.path.join('.'), error.message) };
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.map(({ instancePath, message }) => ({
      path: instancePath.slice(1).replaceAll('/', '.'),
      message: message ?? 'This value is wrong.',
    }));
    const [first] = fields;
    const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
    return { status: 400, detail: `${where}${first?.message ?? 'A value is wrong.'}`, more: { fields } };
  }
  const { code, statusCode } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return { status: 413, detail: `The body is larger than ${request.routeOptions.bodyLimit} bytes.` };
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return { status: 415, detail: 'The body must be application/json.' };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, detail: 'The request is malformed.' };
  return { status: 500, detail: 'The server failed on this request. Its log says more, by the request id.' };
}

/** Answers a failure as the admin API tells it (RFC 9457); nothing of an unexpected one is told. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, detail, type = 'about:blank', more, retryAfter } = refusalOf(error, request);
  if (status === 500) request.log.error({ requestId: request.id, err: error }, 'request failed');
  if (retryAfter !== undefined) reply.header('Retry-After', retryAfter);
  const title = TITLES[status] ?? 'The request failed';
  const problem: Problem = { type, title, status, detail, ...more, requestId: request.id };
  return reply.code(status).header('Content-Type', PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
}
