import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Context, Measure } from './context.ts';
import { installPeers } from './installation.ts';
import { cleanUpOnSignals, deleteDirectory, endAll, isEnding, temporaryDirectory } from './lifetime.ts';
import { choosePinning, describeMachine, type Pinning } from './machine.ts';
import { type Row, startGenerator } from './measurement.ts';
import { measureBulk } from './measurements/bulk.ts';
import { measureCursors } from './measurements/cursors.ts';
import { measureLargeGroup, measureMembership } from './measurements/groups.ts';
import { measureIndexes, measurePaging } from './measurements/lists.ts';
import { measureLoad } from './measurements/load.ts';
import { measureMemory } from './measurements/memory.ts';
import { measureFilter, measureGet } from './measurements/reads.ts';
import { measureScim1 } from './measurements/scim1.ts';
import { measurePost } from './measurements/writes.ts';
import { type MeasurementName, measurementNames, type Options, readOptions, usage } from './options.ts';
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

async function prepare(options: Options, pinning: Pinning): Promise<Context> {
  const roster = await startRoster(options.users, pinning, say);
  const example = await fetch(`${roster.url}/Users?count=1`, { headers: roster.headers });
  const { Resources } = (await example.json()) as { Resources: { id: string }[] };
  const answer = await fetch(`${roster.url}/Users/${Resources[0]?.id}`, { headers: roster.headers });
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !connectionHeaders.has(name)));
  const body = await answer.text();
  return {
    options,
    roster,
    generator: startGenerator(pinning.generator),
    startGenerator: () => startGenerator(pinning.generator),
    startRoster: (users) => startRoster(users, pinning, say),
    async withPeers(names, work) {
      const peers: RunningServer[] = [];
      const directories: string[] = [];
      try {
        for (const name of names) {
          const directory = temporaryDirectory(name);
          directories.push(directory);
          const users = name === 'scimmy' ? Math.min(options.users, mostScimmyUsers) : options.users;
          const token = randomBytes(32).toString('base64url');
          const peerOptions = {
            users,
            token,
            directory,
            rosterData: roster.dataDirectory,
            answer: { headers, body },
          };
          peers.push(await peerServer(name, pinning, peerOptions).start());
        }
        return await work(peers);
      } finally {
        await Promise.all(peers.map((peer) => peer.stop()));
        for (const directory of directories) deleteDirectory(directory);
      }
    },
    say,
  };
}

/** Runs every chosen measurement; one that fails becomes a row that says why, and the rest goes on. */
async function measureAll(context: Context): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of measurementNames.filter((each) => context.options.only.includes(each))) {
    try {
      rows.push(...(await measurements[name](context)));
    } catch (error) {
      if (isEnding()) break;
      const note = error instanceof Error ? error.message : String(error);
      say(`${name}: ${note}`);
      process.exitCode = 1;
      rows.push({ name, what: 'could not be measured', value: '', met: false, note });
    }
  }
  return rows;
}

function print(options: Options, pinning: Pinning, rows: readonly Row[]): void {
  const machine = describeMachine();
  const cores = pinning.pinned ? 'servers on one core, load generator on another' : 'cores shared';
  process.stdout.write(`${machine}; ${cores}; ${options.users} users\n\n${formatTable(rows)}`);
  const { users, seconds, rounds } = options;
  const result = {
    when: new Date().toISOString(),
    machine,
    pinned: pinning.pinned,
    users,
    seconds,
    rounds,
    rows,
  };
  const json = `${JSON.stringify(result, null, 2)}\n`;
  if (options.json === undefined) process.stdout.write(`\n${json}`);
  else writeFileSync(options.json, json);
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
    const rows = await measureAll(await prepare(options, pinning));
    if (!isEnding()) print(options, pinning, rows);
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
