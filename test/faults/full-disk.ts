import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Experiment, eventually, newOutcome, type Outcome } from './experiment.ts';
import { createLoad } from './load.ts';
import { bulkOf, userNamed } from './messages.ts';
import { createInstallation, type ServerProcess } from './server-process.ts';

const WRITERS = 8;

/** Bytes that are left when the disk is as good as full: some writes succeed, one is cut off in the middle. */
const ROOM = 100_000;

/** How the room for the files of a server comes to its end and is given back. */
interface Disk {
  /** @param room bytes that are left */
  fill(server: ServerProcess, databaseFile: string, room: number): void;
  free(server: ServerProcess): void;
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

const FILE_SYSTEM_MIB = 64;

/** A file system of its own that a file takes all of; needs the rights to mount it. */
const fileSystem = (directory: string): Disk => ({
  fill() {
    try {
      for (let part = 0; ; part++) writeFileSync(join(directory, `filler-${part}`), Buffer.alloc(1024 * 64));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  },
  free: () => void execFileSync('sh', ['-c', 'rm -f "$1"/filler-*', 'sh', directory]),
});

async function fillUnderLoad(rounds: number, disk: Disk, settings: Record<string, string>): Promise<Outcome> {
  const outcome = newOutcome();
  const installation = await createInstallation('sqlite', settings);
  const load = createLoad(outcome, WRITERS, [503]);
  let isOver = false;
  try {
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
      if (read?.status !== 200) outcome.badAnswers.push(`GET without room: ${read?.status}`);
      disk.free(server);
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
  } finally {
    await installation.close();
  }
  return outcome;
}

function canRun(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const FILE_LIMIT_REACHED: Experiment = {
  name: 'files may not grow',
  databases: ['sqlite'],
  rounds: 30,
  fewRounds: 2,
  isPossible: () => canRun('prlimit', ['--pid', String(process.pid), '--fsize']),
  run: (rounds) => fillUnderLoad(rounds, FILE_LIMIT, {}),
};

const mountArguments = (directory: string): string[] => [
  ...['-t', 'tmpfs', '-o', `size=${FILE_SYSTEM_MIB}m`, 'tmpfs', directory],
];

export const FILE_SYSTEM_FULL: Experiment = {
  name: 'file system full',
  databases: ['sqlite'],
  rounds: 20,
  fewRounds: 2,
  isPossible() {
    const directory = mkdtempSync(join(tmpdir(), 'roster-disk-'));
    const isMounted = canRun('mount', mountArguments(directory));
    if (isMounted) execFileSync('umount', [directory]);
    rmSync(directory, { recursive: true });
    return isMounted;
  },
  async run(rounds) {
    const directory = mkdtempSync(join(tmpdir(), 'roster-disk-'));
    execFileSync('mount', mountArguments(directory));
    try {
      return await fillUnderLoad(rounds, fileSystem(directory), { ROSTER_DATA_DIR: join(directory, 'data') });
    } finally {
      execFileSync('umount', [directory]);
      rmSync(directory, { recursive: true });
    }
  },
};
