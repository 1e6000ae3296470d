import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '../../core/error.ts';
import { distributeNewTables } from './citus.ts';
import { type Engine, type Executor, UnsupportedStatement } from './engine.ts';
import { LEASE_TABLE, type Lease, LeaseLost, whileLeased } from './lease.ts';
import { MIGRATIONS, type Migration, type TypeWords } from './migrations/migrations.ts';
import { REQUEST_LOG_MIGRATIONS } from './migrations/request-log.ts';

/** A step of a migration that is not done yet. */
interface Step {
  readonly name: string;
  readonly sql: string;
  readonly onPostgres: boolean;
}

export const STEP_TABLE = `CREATE TABLE IF NOT EXISTS migration_step (
  name {TEXT_KEY} NOT NULL PRIMARY KEY,
  applied TEXT NOT NULL
)`;

/** How often a table is tried to make. */
const MAX_TRIES = 5;

/** How long a step is tried that can't get at a table, and the pause in which others can. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

/** The steps of a database: with SQLite the request log has one of its own. */
const migrationsOf = ({ dialect }: Pick<Engine, 'dialect'>): readonly Migration[] =>
  dialect.name === 'sqlite' ? MIGRATIONS : [...MIGRATIONS, ...REQUEST_LOG_MIGRATIONS];

/**
 * Brings the tables up to date. Every statement is recorded in the transaction that runs it, so that what was
 * interrupted goes on at the next start. Of several processes that start together one does the steps and the others
 * wait for it; when it is killed, another one goes on after a few seconds.
 *
 * @param now milliseconds since 1970
 * @param migrations what the database is to have had
 * @returns the names of the steps that were done
 */
export async function migrate(
  engine: Engine,
  now: () => number,
  migrations = migrationsOf(engine),
): Promise<string[]> {
  for (const table of [STEP_TABLE, LEASE_TABLE]) await makeTable(engine, spelled(table, engine.words));
  const done: string[] = [];
  const isNeeded = async (): Promise<boolean> => (await pendingSteps(engine, migrations)).length > 0;
  while (await isNeeded())
    try {
      await whileLeased({ access: engine.shared, name: 'migration', now }, isNeeded, async (lease) => {
        for (const step of await pendingSteps(engine, migrations)) {
          await patiently(() => carryOut(engine, step, now, lease));
          done.push(step.name);
        }
      });
    } catch (error) {
      // who has taken over does what is left
      if (!(error instanceof LeaseLost)) throw error;
    }
  return done;
}

/** Processes that make a table at the same time can get in each other's way, whatever the database calls that. */
async function makeTable(engine: Engine, sql: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await engine.migration((tx) => tx.run(sql, []));
      return;
    } catch (error) {
      if (tries === MAX_TRIES || error instanceof Unavailable) throw error;
      await sleep(10 + 90 * Math.random());
    }
  }
}

async function carryOut(engine: Engine, step: Step, now: () => number, lease: Lease): Promise<void> {
  const record = (work: (tx: Executor) => Promise<unknown>): Promise<void> =>
    engine.migration(async (tx) => {
      // a try before may have been committed though nobody was told
      const known = await tx.get('SELECT name FROM migration_step WHERE name = ?', [step.name]);
      if (known !== undefined) return;
      await work(tx);
      await distributeNewTables(engine.dialect, tx);
      const applied = new Date(now()).toISOString();
      await tx.run('INSERT INTO migration_step (name, applied) VALUES (?, ?)', [step.name, applied]);
      await lease.confirm(tx);
    });
  try {
    await record((tx) => tx.run(step.sql, []));
  } catch (error) {
    if (!(step.onPostgres && error instanceof UnsupportedStatement)) throw error;
    await record(async () => undefined);
  }
}

/** A statement that waits for a table makes all others wait that come after it: it gives up soon, and is tried again. */
async function patiently(work: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unavailable) || performance.now() > deadline) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** The steps that this version knows and the database has not had. */
export async function pendingSteps(engine: Engine, migrations = migrationsOf(engine)): Promise<Step[]> {
  const rows = await engine.shared.reader.all<{ name: string }>('SELECT name FROM migration_step', []);
  const applied = new Set(rows.map(({ name }) => name));
  return migrations
    .flatMap((migration) => stepsOf(migration, engine))
    .filter(({ name }) => !applied.has(name));
}

export function stepsOf(
  { name, statements, onPostgres = false }: Migration,
  { dialect, words }: Engine,
): Step[] {
  if (onPostgres && dialect.name !== 'postgres') return [];
  return statements.map((statement, index) => ({
    name: `${name}-${String(index + 1).padStart(2, '0')}`,
    sql: spelled(statement, words),
    onPostgres,
  }));
}

const spelled = (statement: string, words: TypeWords): string =>
  statement.replace(/\{(\w+)\}/g, (_, word: keyof TypeWords) => words[word]);
