/**
 * Measures what PostgreSQL keeps of so many users, at three sizes, and writes `scale.md`: the figures, and what follows from them
 * for 100,000 tenants with 100 million users. Run it with `npm run bench:scale`.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cleanUpOnSignals, endAll } from './lifetime.ts';
import { choosePinning, describeMachine } from './machine.ts';
import { openPostgres } from './postgres.ts';
import { describeScale, type Size } from './scale-report.ts';
import { openScaleStore } from './scale-store.ts';

const usage = `usage: npm run bench:scale -- [--sizes N,N,N] [--tenants N] [--seconds S] [--file FILE]
  --sizes ...   users at which to measure, ascending (default 1000,30000,300000)
  --tenants N   tenants that they are spread over (default 20)
  --seconds S   how long to write at each size (default 10)
  --file FILE   where the report goes (default bench/scale.md)
`;

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,30000,300000' },
    tenants: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '10' },
    file: { type: 'string', default: fileURLToPath(new URL('scale.md', import.meta.url)) },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

async function main(): Promise<void> {
  const sizes = options.sizes.split(',').map(Number);
  const isAscending = sizes.every((size, place) => size > (sizes[place - 1] ?? 0));
  if (sizes.length < 3 || !isAscending) throw new Error('--sizes: three numbers or more, ascending');
  cleanUpOnSignals();
  try {
    const database = await openPostgres(choosePinning().server);
    const store = await openScaleStore(database, Number(options.tenants));
    const measured: Size[] = [];
    for (const users of sizes) {
      process.stderr.write(`loading up to ${users} users\n`);
      await store.fill(users);
      process.stderr.write('measuring\n');
      measured.push(await store.measure(Number(options.seconds)));
    }
    await store.close();
    writeFileSync(
      options.file,
      describeScale(measured, {
        machine: describeMachine(),
        database: database.description,
        tenants: Number(options.tenants),
        when: new Date().toISOString().slice(0, 10),
      }),
    );
  } finally {
    await endAll();
  }
}

if (options.help) process.stdout.write(usage);
else await main();
