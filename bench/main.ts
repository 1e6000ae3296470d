import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Context, Measure } from './context.ts';
import { type Database, type DatabaseName, locationOf, type Store, sqlite } from './database.ts';
import { installPeers } from './installation.ts';
import { cleanUpOnSignals, endAll, isEnding } from './lifetime.ts';
import { choosePinning, describeMachine, type Pinning } from './machine.ts';
import { type Row, startGenerator } from './measurement.ts';
import { measureBulk } from './measurements/bulk.ts';
import { measureCursors } from './measurements/cursors.ts';
import { measureLargeGroup, measureMembership } from './measurements/groups.ts';
import { measureIndexes, measurePaging } from './measurements/lists.ts';
import { measureLoad } from './measurements/load.ts';
import { measureMemory } from './measurements/memory.ts';
import { measureFilter, measureGet } from './measurements/reads.ts';
import { measureRequestLog } from './measurements/request-log.ts';
import { measureScim1 } from './measurements/scim1.ts';
import { measureWorkers } from './measurements/workers.ts';
import { measurePost } from './measurements/writes.ts';
import { type MeasurementName, measurementNames, type Options, readOptions, usage } from './options.ts';
import { openPostgres } from './postgres.ts';
import { formatTable } from './report.ts';
import { startRoster } from './roster.ts';
import { peerServer, type RunningServer } from './server.ts';

const measurements: Record<MeasurementName, Measure> = {
  load: measureLoad,
  get: measureGet,
  filter: measureFilter,
  scim1: measureScim1,
  indexes: measureIndexes,
  paging: measurePaging,
  cursors: measureCursors,
  post: measurePost,
  bulk: measureBulk,
  'large-group': measureLargeGroup,
  membership: measureMembership,
  workers: measureWorkers,
  'request-log': measureRequestLog,
  memory: measureMemory,
};

// scimmy keeps every user as objects in memory: a million of them would measure the garbage collector.
const mostScimmyUsers = 100_000;
const connectionHeaders = new Set([
  'connection',
  'keep-alive',
  'date',
  'content-length',
  'transfer-encoding',
]);

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

const databases: Record<DatabaseName, (pinning: Pinning) => Promise<Database>> = {
  sqlite: async () => sqlite,
  postgres: (pinning) => openPostgres(pinning.server),
};

async function prepare(options: Options, database: Database, pinning: Pinning): Promise<Context> {
  const roster = await startRoster(database, options.users, pinning, say);
  const example = await fetch(`${roster.url}/Users?count=1`, { headers: roster.headers });
  const { Resources } = (await example.json()) as { Resources: { id: string }[] };
  const answer = await fetch(`${roster.url}/Users/${Resources[0]?.id}`, { headers: roster.headers });
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !connectionHeaders.has(name)));
  const body = await answer.text();
  return {
    options,
    pinning,
    roster,
    generator: startGenerator(pinning.generator),
    startGenerator: (prefix = pinning.generator) => startGenerator(prefix),
    startRoster: (users) => startRoster(database, users, pinning, say),
    async withPeers(names, work) {
      const peers: RunningServer[] = [];
      const stores: Store[] = [];
      try {
        for (const name of names) {
          const store = await database.createStore();
          stores.push(store);
          const users = name === 'scimmy' ? Math.min(options.users, mostScimmyUsers) : options.users;
          const peerOptions = {
            users,
            token: randomBytes(32).toString('base64url'),
            store: locationOf(store),
            roster: locationOf(roster.store),
            answer: { headers, body },
          };
          peers.push(await peerServer(name, pinning, database.pid, peerOptions).start());
          await store.settle();
        }
        return await work(peers);
      } finally {
        await Promise.all(peers.map((peer) => peer.stop()));
        for (const store of stores) await store.remove();
      }
    },
    say,
  };
}

/** Runs every chosen measurement; one that fails becomes a row that says why, and the rest goes on. */
async function measureAll(context: Context): Promise<Row[]> {
  const rows: Row[] = [];
  const { options } = context;
  const database = context.roster.database.name;
  for (const name of measurementNames.filter((each) => options.only.includes(each))) {
    try {
      const measured = await measurements[name](context);
      rows.push(...measured.map((row) => ({ database, ...row })));
    } catch (error) {
      if (isEnding()) break;
      const note = error instanceof Error ? error.message : String(error);
      say(`${name}: ${note}`);
      process.exitCode = 1;
      rows.push({ database, name, what: 'could not be measured', value: '', met: false, note });
    }
  }
  return rows;
}

function print(
  options: Options,
  pinning: Pinning,
  descriptions: readonly string[],
  rows: readonly Row[],
): void {
  const machine = describeMachine();
  const cores = pinning.pinned ? 'servers on one core, load generator on another' : 'cores shared';
  const { users, fewUsers, seconds, rounds } = options;
  const head = [`${machine}; ${cores}; ${users} users`, ...descriptions].join('\n');
  process.stdout.write(`${head}\n\n${formatTable(rows)}`);
  const result = {
    when: new Date().toISOString(),
    machine,
    pinned: pinning.pinned,
    databases: descriptions,
    users,
    fewUsers,
    seconds,
    rounds,
    rows,
  };
  const json = `${JSON.stringify(result, null, 2)}\n`;
  if (options.json === undefined) process.stdout.write(`\n${json}`);
  else writeFileSync(options.json, json);
}

/** Measures one database product from its start to its end. */
async function measureOn(
  name: DatabaseName,
  options: Options,
  pinning: Pinning,
): Promise<{ description: string; rows: Row[] }> {
  const database = await databases[name](pinning);
  const context = await prepare(options, database, pinning);
  const rows = await measureAll(context);
  await context.generator.stop();
  await context.roster.stop();
  await database.stop();
  return { description: database.description, rows };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(usage);
    return;
  }
  cleanUpOnSignals();
  const pinning = choosePinning();
  try {
    installPeers();
    const measured: { description: string; rows: Row[] }[] = [];
    for (const name of options.databases) measured.push(await measureOn(name, options, pinning));
    const descriptions = measured.map(({ description }) => description);
    const rows = measured.flatMap((each) => each.rows);
    if (!isEnding()) print(options, pinning, descriptions, rows);
  } finally {
    await endAll();
  }
}

try {
  await main();
} catch (error) {
  if (!isEnding()) say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
