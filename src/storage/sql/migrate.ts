import { type Engine, EVERY_TENANT, type Executor } from './engine.ts';
import { MIGRATIONS, type Migration, type TypeWords } from './migrations/migrations.ts';

/** A step of a migration that is not done yet. */
interface Step {
  readonly name: string;
  readonly sql: string;
}

const STEP_TABLE = `CREATE TABLE IF NOT EXISTS migration_step (
  name {TEXT_KEY} NOT NULL PRIMARY KEY,
  applied TEXT NOT NULL
)`;

/**
 * Brings the tables up to date. Every statement is recorded in the transaction that runs it, so that what was
 * interrupted goes on at the next start, and several processes that start together do each step once.
 *
 * @param now ISO 8601, for the record
 * @returns the names of the steps that were done
 */
export async function migrate(engine: Engine, now: string): Promise<string[]> {
  await engine.of(EVERY_TENANT).transaction(async (tx) => {
    await begin(engine, tx);
    await tx.run(spelled(STEP_TABLE, engine.words), []);
  });
  const done: string[] = [];
  for (const step of await pendingSteps(engine)) {
    const isMine = await engine.of(EVERY_TENANT).transaction(async (tx) => {
      await begin(engine, tx);
      const known = await tx.get('SELECT name FROM migration_step WHERE name = ?', [step.name]);
      if (known !== undefined) return false;
      await tx.run(step.sql, []);
      await tx.run('INSERT INTO migration_step (name, applied) VALUES (?, ?)', [step.name, now]);
      return true;
    });
    if (isMine) done.push(step.name);
  }
  return done;
}

/** Lets several processes that migrate go one after the other. */
async function begin({ dialect }: Engine, tx: Executor): Promise<void> {
  for (const statement of dialect.beforeMigration) await tx.run(statement, []);
}

/** The steps that this version knows and the database has not had. */
export async function pendingSteps(engine: Engine): Promise<Step[]> {
  const rows = await engine.shared.reader.all<{ name: string }>('SELECT name FROM migration_step', []);
  const applied = new Set(rows.map(({ name }) => name));
  return MIGRATIONS.flatMap((migration) => stepsOf(migration, engine.words)).filter(
    ({ name }) => !applied.has(name),
  );
}

const stepsOf = (migration: Migration, words: TypeWords): Step[] =>
  migration.statements.map((statement, index) => ({
    name: `${migration.name}-${String(index + 1).padStart(2, '0')}`,
    sql: spelled(statement, words),
  }));

const spelled = (statement: string, words: TypeWords): string =>
  statement.replace(/\{(\w+)\}/g, (_, word: keyof TypeWords) => words[word]);
