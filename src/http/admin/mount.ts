import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { requireOwner, requireTenantAccess, type VisibleTenant as Tenant } from '../../service/access.ts';
import type { Administration } from '../../service/administration.ts';
import { ServiceError } from '../../service/service-error.ts';
import { refuseCompressedBody } from '../body.ts';
import { actorOf, type Caller } from './caller.ts';
import type { Access, RouteDeclaration, RouteTable } from './contract/route.ts';
import { schemaOf } from './openapi.ts';
import { requireOwnOrigin } from './request-origin.ts';
import type { AdminServices } from './services.ts';

/** What the routes are mounted with. */
export interface Guard {
  /** Who makes a request; undefined: nobody knows. @throws ServiceError */
  identify(request: FastifyRequest): Promise<Caller | undefined>;
  readonly administer: AdminServices['administer'];
  findTenant(domain: string): Promise<Tenant | undefined>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Origin of the console as people reach it. */
  readonly ownOrigin: string;
}

type Out<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** A request that may be served: checked, and by somebody who may. */
export interface Call<Route extends RouteDeclaration> {
  readonly params: Out<Route['params']>;
  readonly query: Out<Route['query']>;
  readonly body: Out<Route['body']>;
  readonly caller: Route['access'] extends 'anyone' ? Caller | undefined : Caller;
  /** The one that the path names. */
  readonly tenant: Route['path'] extends `/tenants/{tenant}${string}` ? Tenant : undefined;
  /** The services that administer, on the caller's behalf. */
  readonly by: Administration;
  /** Decides again whether the request may be served, for what takes long. @throws ServiceError */
  readonly admitAgain: () => Promise<unknown>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** One function for each route; one that sends the answer itself gives the reply. */
export type HandlersOf<Table extends RouteTable> = {
  readonly [Name in keyof Table]: (
    call: Call<Table[Name]>,
  ) => Promise<
    Table[Name]['answer'] extends z.ZodType
      ? z.output<Table[Name]['answer']> | FastifyReply
      : FastifyReply | undefined
  >;
};

/** How long a session counts as authenticated for what asks for it. */
export const AUTHENTICATED_MS = 5 * 60_000;

declare module 'fastify' {
  interface FastifyRequest {
    admin: { readonly caller: Caller | undefined; readonly tenant: Tenant | undefined } | undefined;
  }
}

/** Adds the routes of a table to a scope below `/api/v1`. */
export function mountRoutes<Table extends RouteTable>(
  app: FastifyInstance,
  table: Table,
  handlers: HandlersOf<Table>,
  guard: Guard,
): void {
  for (const [name, declaration] of Object.entries(table)) {
    const handle = handlers[name] as (call: object) => Promise<unknown>;
    const status = declaration.status ?? (hasAnswer(declaration) ? 200 : 204);
    app.route({
      method: declaration.method,
      url: declaration.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      schema: schemaOf(name, declaration),
      onRequest: [
        async (request) => {
          request.admin = await admit(request, declaration, guard);
        },
        refuseCompressedBody,
      ],
      handler: async (request, reply) => {
        const { params, query, body, admin } = request;
        reply.code(status);
        const by = guard.administer(actorOf(request, admin?.caller));
        const admitAgain = () => admit(request, declaration, guard);
        const answer = await handle({ params, query, body, ...admin, by, admitAgain, request, reply });
        // a stream whose client has left is not sent to its end, and is an answer all the same
        return reply.sent || reply.raw.headersSent || answer === reply ? reply : reply.send(answer);
      },
    });
  }
}

const hasAnswer = ({ answer, mediaTypes }: RouteDeclaration): boolean =>
  answer !== undefined || mediaTypes !== undefined;

/** Decides whether a request may be served, before its body is read. @throws ServiceError */
async function admit(
  request: FastifyRequest,
  { access, reauthenticate }: RouteDeclaration,
  guard: Guard,
): Promise<{ caller: Caller | undefined; tenant: Tenant | undefined }> {
  requireOwnOrigin(request, guard.ownOrigin);
  const caller = await guard.identify(request);
  if (access === 'anyone') return { caller, tenant: undefined };
  if (caller === undefined)
    throw new ServiceError('unauthenticated', 'Sign in, or give an API key of an operator.');
  const { tenant: domain } = request.params as { tenant?: string };
  const tenant = domain === undefined ? undefined : await tenantOf(domain, caller, access, guard);
  if (access === 'owner') requireOwner(caller.operator);
  if (reauthenticate && !isAuthenticated(caller, guard.now()))
    throw new ServiceError('reauthenticate', 'Confirm who you are, then this goes on.');
  return { caller, tenant };
}

async function tenantOf(domain: string, caller: Caller, access: Access, guard: Guard): Promise<Tenant> {
  const tenant = await guard.findTenant(domain.toLowerCase());
  return requireTenantAccess(caller.operator, tenant, domain, access === 'tenantAdmin' ? 'write' : 'read');
}

/** An API key was made by somebody who had just confirmed who it is. */
const isAuthenticated = ({ session }: Caller, now: number): boolean =>
  session === undefined || now - session.authenticated < AUTHENTICATED_MS;
