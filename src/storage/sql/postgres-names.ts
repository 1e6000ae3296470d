import type { PoolClient } from 'pg';

// PostgreSQL plans a statement for longer than it takes to carry one out by a key; one with a name it plans once. Behind a
// pooler that gives each transaction another connection of the server, names would be looked for where they are not.

/** Statements with a name, each of which a connection of the server keeps some ten KB for. */
const MAX_NAMES = 200;

/** Texts that are remembered to be given a name when they come again. */
const MAX_TEXTS = 2000;

/** Behind these the server itself is, and stays the same. */
const direct = new WeakSet<PoolClient>();

const names = new Map<string, string>();
const seen = new Set<string>();

/**
 * Finds out whether a new connection leads to the server itself: a pooler tells another number of a process than the
 * server does when it is asked.
 */
export async function noteServer(client: PoolClient): Promise<void> {
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    if (rows[0]?.pid === Reflect.get(client, 'processID')) direct.add(client);
  } catch {
    // statements have no names then
  }
}

/** The name of a statement on a connection, for one that comes more than once. */
export function nameOf(client: PoolClient, text: string): string | undefined {
  return direct.has(client) ? (names.get(text) ?? nameAgain(text)) : undefined;
}

function nameAgain(text: string): string | undefined {
  if (seen.delete(text)) {
    // with all columns the result changes when a migration adds one, which a statement with a name may not
    if (names.size >= MAX_NAMES || /^select \*/i.test(text)) return undefined;
    const name = `roster_${names.size + 1}`;
    names.set(text, name);
    return name;
  }
  if (seen.size >= MAX_TEXTS) seen.clear();
  seen.add(text);
  return undefined;
}
