import { type Pool, type PoolClient, Query, type QueryConfig, type QueryResult } from 'pg';
import type { SqlValue } from './engine.ts';
import { sendQuery, withConnection } from './postgres-connection.ts';
import { nameOf } from './postgres-names.ts';

/** How single statements read. */
export interface ReadForm {
  /** Settings of the server while the statement runs. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether statements are planned once; else for the values of each time. */
  readonly isPlannedOnce: boolean;
  /** How long the server may be without an answer, in milliseconds: longer than it takes to give up itself. */
  readonly answerMs: number;
}

/**
 * Runs one statement with settings of its own, which end with it, and as a tenant. Both go to the server as one message,
 * which makes one transaction of them: a BEGIN and a COMMIT would cost as much as the read.
 *
 * @param tenantId whose rows there are; empty for none
 */
export function readOnce(
  pool: Pool,
  form: ReadForm,
  tenantId: string,
  text: string,
  params: readonly SqlValue[],
): Promise<QueryResult> {
  return withConnection(pool, async (client) => {
    const name = form.isPlannedOnce ? nameOf(client, text) : undefined;
    const setting = settingOf(form);
    const settingName = nameOf(client, setting) ?? '';
    if (settingName !== '') prepareOnce(client, settingName, setting);
    const query = new ScopedQuery(
      {
        text,
        values: [...params],
        ...(name !== undefined && { name }),
        queryMode: 'extended',
        query_timeout: form.answerMs,
      },
      { text: setting, name: settingName, tenantId },
    );
    const results: unknown = await sendQuery(client, query);
    return (results as QueryResult[]).at(-1) as QueryResult;
  });
}

const prepared = new WeakMap<PoolClient, Set<string>>();

/** Gives a connection the statement that makes the settings, before the first read that takes it by its name. */
function prepareOnce(client: PoolClient, name: string, text: string): void {
  const known = prepared.get(client) ?? new Set();
  if (known.has(name)) return;
  prepared.set(client, known.add(name));
  // a read takes the text instead where this fails
  client.query({ name, text, values: [''] }).catch(() => {});
}

const settingTexts = new WeakMap<ReadForm, string>();

/** A statement that makes the settings and has no row. */
function settingOf(form: ReadForm): string {
  let text = settingTexts.get(form);
  if (text === undefined) {
    const others = Object.entries(form.settings).map(
      ([name, value]) => `set_config('${name}', '${value}', true)`,
    );
    text = `SELECT 1 WHERE ${["set_config('roster.tenant', $1, true)", ...others].join(' || ')} IS NULL`;
    settingTexts.set(form, text);
  }
  return text;
}

/** What the driver's connection offers to a query that is sent. */
interface Wire {
  readonly parsedStatements: Record<string, string>;
  parse(message: { text: string; name: string }): void;
  bind(message: {
    portal: string;
    statement: string;
    values: string[];
    valueMapper: (value: string) => string;
  }): void;
  execute(message: { portal: string; rows: number }): void;
}

interface DriverQuery {
  callback: (error: Error | undefined, result: QueryResult) => void;
  prepare(wire: Wire): void;
}

type Config = QueryConfig & { readonly queryMode: 'extended'; readonly query_timeout: number };

// the driver tells the rest of its interface in JavaScript alone
const DriverQuery = Query as unknown as new (config: Config) => DriverQuery;

class ScopedQuery extends DriverQuery {
  readonly query_timeout: number;
  readonly #setting: { readonly text: string; readonly name: string; readonly tenantId: string };

  constructor(config: Config, setting: { text: string; name: string; tenantId: string }) {
    super(config);
    this.query_timeout = config.query_timeout;
    this.#setting = setting;
  }

  override prepare(wire: Wire): void {
    const { text, name, tenantId } = this.#setting;
    const statement = wire.parsedStatements[name] === text ? name : '';
    if (statement === '') wire.parse({ text, name: '' });
    wire.bind({ portal: '', statement, values: [tenantId], valueMapper: (value) => value });
    wire.execute({ portal: '', rows: 0 });
    super.prepare(wire);
  }
}
