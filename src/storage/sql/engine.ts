import type { TypeWords } from './migrations/migrations.ts';

/** What a statement takes and gives: text and numbers; digests are bytes. */
export type SqlValue = string | number | null | Uint8Array;

/** Runs statements written with `?` placeholders; each text is prepared once. */
export interface Executor {
  get<Row>(sql: string, params: readonly SqlValue[]): Promise<Row | undefined>;
  all<Row>(sql: string, params: readonly SqlValue[]): Promise<Row[]>;
  /** @returns the number of rows changed */
  run(sql: string, params: readonly SqlValue[]): Promise<number>;
}

/** One database behind the shared queries; `sqlite.ts` and `postgres.ts` have all that is particular to each. */
export interface Engine {
  readonly dialect: SqlDialect;
  /** How the migrations spell column types here. */
  readonly words: TypeWords;
  /** Access to the rows of one tenant and to the tables that belong to none. */
  of(tenantId: string): Access;
  /** Access to the tables that belong to no tenant: `setting`, `tenant`, `migration_step` and `lease`. */
  readonly shared: Access;
  /** Runs reads that all see one state of the database, whatever is written meanwhile. */
  snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T>;
  /** Runs a step of a migration, which may take long. It changes tables, not the rows of tenants. */
  migration<T>(work: (executor: Executor) => Promise<T>): Promise<T>;
  /** Has the planner learn how many rows there are by now, where it plans by that. */
  analyze(): Promise<void>;
  close(): Promise<void>;
}

/** One state of the database, of which the rows of one tenant at a time are read. */
export interface Snapshot {
  of(tenantId: string): Executor;
  /** For the tables that belong to no tenant. */
  readonly shared: Executor;
}

/** Reading: by key, and by queries that may be long. */
export interface ReadAccess {
  readonly dialect: SqlDialect;
  /** Reads of a few rows by key; they see what is committed. */
  readonly reader: Executor;
  /** Reads that may touch many rows; they never hold up the event loop. */
  readonly scanner: Pick<Executor, 'all'>;
}

export interface Access extends ReadAccess {
  /** Runs a closure atomically; resolves after the commit is durable. */
  transaction<T>(work: (executor: Executor) => Promise<T>): Promise<T>;
}

/** A column by its name and type. */
export type Column = readonly [name: string, type: 'text' | 'integer'];

/** A table of tenants, and the columns in which rows of it are given, but for tenant_id. */
export interface RowTable {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Whether a row that is there already, or whose name is taken, is an error; else it does not happen. */
  readonly canConflict: boolean;
}

/** The few expressions that databases write differently. */
export interface SqlDialect {
  readonly name: 'sqlite' | 'postgres';
  /** A column in a form that no index has, so that the planner takes another way. */
  unindexed(column: string): string;
  /** Whether a text holds another: true when the number is above 0. */
  position(haystack: string, needle: string): string;
  /** The last characters of a text, as many as another text has. */
  ending(text: string, like: string): string;
  /** Texts of a group of rows joined by commas, in an order. */
  joined(text: string, orderBy: string): string;
  /** The value of a top-level attribute of a JSON text, as JSON; null where it is absent. */
  jsonMember(doc: string, attribute: string): string;
  /**
   * Joins the row of a table to each row before it, found by a condition: never the other way round, whatever the planner
   * thinks that there is. The text ends in a WHERE that takes more conditions.
   */
  eachWith(table: string, alias: string, condition: string): string;
  /** A text as UTF-8 bytes. */
  bytes(text: string): string;
  /** What a SELECT in a transaction ends with to hold its rows; all are empty where one transaction writes at a time. */
  readonly locks: {
    /** Nobody else changes them. */
    readonly change: string;
    /** Any number of transactions can do so; nobody deletes them or holds them alone. */
    readonly hold: string;
    /** Nobody else has any of the three. */
    readonly alone: string;
  };
  /** How long what a credential grants counts without another look at the database, in milliseconds. */
  readonly grantsKeptMs: number;
  /** Rows that one INSERT takes best. */
  rowsPerInsert(table: RowTable): number;
  /** An INSERT of some rows of a tenant, and the values of its placeholders. */
  insertOf(
    table: RowTable,
    tenantId: string,
    rows: readonly (readonly SqlValue[])[],
  ): { readonly text: string; readonly values: readonly SqlValue[] };
  /** Rows that a total is spread over, so that transactions that change it seldom wait for each other. */
  readonly countShards: number;
}

/** A unique constraint of the database refused a row. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation';
  /** The constraint or index, or the columns, as the database names them. */
  readonly constraint: string;

  constructor(constraint: string) {
    super(`unique constraint: ${constraint}`);
    this.constraint = constraint;
  }
}

/** A row that other rows point to was deleted, or one that points to nothing was written. */
export class ReferenceViolation extends Error {
  override readonly name = 'ReferenceViolation';
}

/** The database has not what a statement asks for. */
export class UnsupportedStatement extends Error {
  override readonly name = 'UnsupportedStatement';
}
