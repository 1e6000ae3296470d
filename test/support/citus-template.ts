import { distribute } from '../../src/storage/sql/citus.ts';
import { migrate } from '../../src/storage/sql/migrate.ts';
import { openPostgres } from '../../src/storage/sql/postgres.ts';
import { hasCitus, temporaryCitusDatabase } from './citus.ts';

/** Makes the database that tests on Citus copy, whose tables are spread, before all test files. @returns what removes it */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (!hasCitus) return undefined;
  const { name, url, close, remove } = await temporaryCitusDatabase();
  const engine = openPostgres(url, 20_000);
  try {
    await migrate(engine, Date.now);
    await distribute(engine);
  } finally {
    await engine.close();
  }
  await close();
  process.env.ROSTER_TEST_CITUS_TEMPLATE = name;
  return remove;
}
