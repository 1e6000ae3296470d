import type { z } from 'zod';

/** Who may call a route; each of the last three includes those who may do more. */
export type Access =
  | 'anyone'
  /** Any operator. */
  | 'operator'
  /** Who may read the tenant that the path names: its auditors, its administrators, owners. */
  | 'auditor'
  /** Who may change the tenant that the path names: its administrators, owners. */
  | 'tenantAdmin'
  | 'owner';

/** What a route takes and gives. The OpenAPI document, the checks of requests and the console's types come from this. */
export interface RouteDeclaration {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`; `{tenant}` is a domain. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** Markdown. */
  readonly description?: string;
  readonly access: Access;
  /** Whether the session must have been authenticated within the last five minutes. */
  readonly reauthenticate?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Of success; absent: none. */
  readonly answer?: z.ZodType;
  /** Of success; by default 200, or 204 without an answer. */
  readonly status?: 200 | 201 | 204 | 302;
  /** Where the answer is no JSON: what it is. */
  readonly mediaTypes?: readonly string[];
  /** Refusals besides 400, 401, 403, 404 of a tenant and 429, with when they come. */
  readonly errors?: Readonly<Record<number, string>>;
}

/** Routes by their operationId. */
export type RouteTable = Readonly<Record<string, RouteDeclaration>>;

/** Keeps the exact type of each declaration. */
export const declareRoutes = <const Table extends RouteTable>(table: Table): Table => table;

type InputOf<Schema> = Schema extends z.ZodType ? z.input<Schema> : undefined;
type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What the callers of the routes of a table give and get, by `METHOD /path`. */
export type CallsOf<Table extends RouteTable> = {
  [Name in keyof Table as `${Table[Name]['method']} ${Table[Name]['path']}`]: {
    readonly params: InputOf<Table[Name]['params']>;
    readonly query: InputOf<Table[Name]['query']>;
    readonly body: InputOf<Table[Name]['body']>;
    readonly answer: OutputOf<Table[Name]['answer']>;
  };
};
