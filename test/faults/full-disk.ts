import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { giveToServer } from '../support/postgres-programs.ts';
import { type Experiment, eventually, newOutcome, type Outcome } from './experiment.ts';
import { createLoad } from './load.ts';
import { bulkOf, userNamed } from './messages.ts';
import { placeOn } from './place.ts';
import { canServePostgres, createPostgres, type PostgresServer } from './postgres-server.ts';
import { createInstallation, type Installation, type ServerProcess } from './server-process.ts';
import { canMount, canRun, mountSmall, type SmallFileSystem } from './tmpfs.ts';

const WRITERS = 8;

/** Bytes that are left when the disk is as good as full: some writes succeed, one is cut off in the middle. */
const ROOM = 100_000;

/** How the room for the files of a server comes to its end and is given back. */
interface Disk {
  /** Whether it ends the database too, so that reads fail as long as there is no room. */
  readonly endsReads?: boolean;
  /** @param room bytes that are left */
  fill(server: ServerProcess, databaseFile: string, room: number): void;
  free(server: ServerProcess): void | Promise<void>;
}

/** The system lets no file of the process grow further, as a disk that is full does; needs no rights. */
const FILE_LIMIT: Disk = {
  fill(server, databaseFile, room) {
    const most = room === 0 ? 0 : statSync(`${databaseFile}-wal`).size + room;
    execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${most}:unlimited`]);
  },
  free: (server) =>
    void execFileSync('prlimit', ['--pid', String(server.pid), '--fsize=unlimited:unlimited']),
};

async function fillUnderLoad(
  rounds: number,
  disk: Disk,
  installation: Installation,
  outcome: Outcome,
): Promise<void> {
  const isOnPostgres = installation.source.startsWith('postgres');
  // a connection that is lost in COMMIT with the database leaves unknown whether it was carried out
  const load = createLoad(outcome, WRITERS, [503], isOnPostgres ? 'after 503' : 'never');
  let isOver = false;
  const server = await installation.start();
  const reader = await server.send('POST', '/Users', userNamed('reader'));
  const written = load.run(server, () => isOver);
  for (; outcome.rounds < rounds; outcome.rounds++) {
    await sleep(100);
    disk.fill(server, installation.source, ROOM);
    let probes = 0;
    await eventually('no room for a user', async () => {
      const answer = await server.send('POST', '/Users', userNamed(`probe-${outcome.rounds}-${probes++}`));
      // the log may have begun again at its beginning, where there is room
      if (probes % 50 === 0) disk.fill(server, installation.source, 0);
      if (answer?.status !== 201 && answer?.status !== 503)
        outcome.badAnswers.push(`POST without room: ${answer?.status}`);
      return answer?.status === 503 && answer.retryAfter !== undefined;
    });
    const operations = Array.from({ length: 120 }, (_, number) => ({
      ...{ method: 'POST', path: '/Users', bulkId: `b${number}` },
      data: userNamed(`bulk-${outcome.rounds}-${number}`, { displayName: 'x'.repeat(400) }),
    }));
    const bulk = await server.send('POST', '/Bulk', bulkOf(operations));
    if (bulk?.status === 200) {
      if (bulk.json.Operations.length !== operations.length)
        outcome.badAnswers.push(`${bulk.json.Operations.length} answers to Bulk without room`);
    } else if (bulk?.status !== 503) outcome.badAnswers.push(`POST /Bulk without room: ${bulk?.status}`);
    const read = await server.send('GET', `/Users/${reader?.json.id}`);
    if (read?.status !== 200 && !(disk.endsReads && read?.status === 503))
      outcome.badAnswers.push(`GET without room: ${read?.status}`);
    await disk.free(server);
    const freed = performance.now();
    await eventually('room for a user', async () => {
      const answer = await server.send('POST', '/Users', userNamed(`probe-${outcome.rounds}-${probes++}`));
      return answer?.status === 201;
    });
    outcome.recoveryMs.push(performance.now() - freed);
  }
  isOver = true;
  await written;
  load.check(await installation.read());
}

export const FILE_LIMIT_REACHED: Experiment = {
  name: 'files may not grow',
  databases: ['sqlite'],
  rounds: 30,
  fewRounds: 2,
  isPossible: () => canRun('prlimit', ['--pid', String(process.pid), '--fsize']),
  async run(rounds) {
    const outcome = newOutcome();
    const installation = await createInstallation('sqlite');
    try {
      await fillUnderLoad(rounds, FILE_LIMIT, installation, outcome);
    } finally {
      await installation.close();
    }
    return outcome;
  },
};

export const FILE_SYSTEM_FULL: Experiment = {
  name: 'file system full',
  databases: ['sqlite'],
  rounds: 20,
  fewRounds: 2,
  isPossible: canMount,
  async run(rounds) {
    const outcome = newOutcome();
    const disk = mountSmall();
    const settings = { ROSTER_DATA_DIR: join(disk.directory, 'data') };
    const installation = await createInstallation('sqlite', settings);
    try {
      await fillUnderLoad(rounds, disk, installation, outcome);
    } finally {
      await installation.close();
      disk.close();
    }
    return outcome;
  },
};

/** Of the server whose log is on the small file system. */
const SMALL_LOG = ['min_wal_size=2MB', 'max_wal_size=4MB', 'checkpoint_timeout=30s'];

/** A checkpoint without room ends PostgreSQL: none while there is no room for data alone. */
const NO_CHECKPOINT = ['max_wal_size=1GB', 'checkpoint_timeout=1h'];

/** @param isLogWithin whether the write-ahead log is on the disk that gets full: PostgreSQL ends itself then */
async function fillDiskOfPostgres(rounds: number, isLogWithin: boolean): Promise<Outcome> {
  const outcome = newOutcome();
  const disk = mountSmall();
  const folder = join(disk.directory, 'server');
  mkdirSync(folder);
  const elsewhere = mkdtempSync(join(tmpdir(), 'roster-fault-log-'));
  giveToServer(elsewhere);
  let postgres: PostgresServer | undefined;
  try {
    postgres = await createPostgres({
      folder,
      settings: isLogWithin ? SMALL_LOG : NO_CHECKPOINT,
      initdb: ['--wal-segsize=1', ...(isLogWithin ? [] : ['-X', join(elsewhere, 'log')])],
    });
    const place = await placeOn(postgres.url('postgres'));
    const installation = await createInstallation({ ...place, remove: async () => {} });
    try {
      await fillUnderLoad(rounds, diskOf(disk, postgres, isLogWithin), installation, outcome);
    } finally {
      await installation.close();
    }
  } finally {
    await postgres?.close();
    disk.close();
    rmSync(elsewhere, { recursive: true });
  }
  return outcome;
}

const diskOf = (disk: SmallFileSystem, postgres: PostgresServer, endsReads: boolean): Disk => ({
  endsReads,
  fill: disk.fill,
  async free() {
    disk.free();
    // as whatever watches over it would do
    await postgres.start();
  },
});

const fullUnderPostgres = (name: string, isLogWithin: boolean): Experiment => ({
  name,
  databases: ['postgres'],
  rounds: 20,
  fewRounds: 1,
  isPossible: () => canMount() && canServePostgres(),
  run: (rounds) => fillDiskOfPostgres(rounds, isLogWithin),
});

export const DATA_DISK_FULL = fullUnderPostgres('file system of the data full', false);

export const LOG_DISK_FULL = fullUnderPostgres('file system of data and log full, PostgreSQL ends', true);
