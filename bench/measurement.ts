import type { ChildProcess } from 'node:child_process';
import type { DatabaseName } from './database.ts';
import { endProcess } from './lifetime.ts';
import type { Job, JobReply, JobResult } from './load-generator.ts';
import { cpuSecondsOf, cpuSecondsOfFirstThread, cpuSecondsOfMachine } from './machine.ts';
import { type RunningServer, spawnScript } from './server.ts';
import type { Spread } from './statistics.ts';

/** One line of the result. */
export type Row = {
  /** What was measured on; the runner adds it. */
  database?: DatabaseName;
  name: string;
  what: string;
  /** What was measured, with its unit. */
  value: string;
  /** What it is held against, with its unit; absent when the goal is absolute. */
  reference?: string;
  /** Value against reference; a spread over the pairs when there were several. */
  ratio?: Spread;
  goal?: string;
  /** Absent when the row has no goal. */
  met?: boolean;
  note?: string;
};

/** One job's result with the CPU time around it, in seconds; undefined where the system does not tell. */
export type Run = JobResult & {
  server: string;
  serverCpu: number | undefined;
  /** That of the thread which answers requests. */
  threadCpu: number | undefined;
  /** Share of one core that processes other than the server, its database and the generators used. */
  foreign: number | undefined;
};

export type Generator = { run(job: Job): Promise<JobResult>; pid: number; stop(): Promise<void> };

/** Starts a load generator process. */
export function startGenerator(prefix: readonly string[]): Generator {
  const child: ChildProcess = spawnScript('load-generator.ts', prefix);
  return {
    pid: child.pid as number,
    run: (job) =>
      new Promise((resolve, reject) => {
        const ended = () => reject(new Error('the load generator ended'));
        child.once('exit', ended);
        child.once('message', (reply: JobReply) => {
          child.off('exit', ended);
          if ('result' in reply) resolve(reply.result);
          else reject(new Error(reply.error));
        });
        child.send(job);
      }),
    stop: () => endProcess(child),
  };
}

/** What to ask a server. */
export type Plan = Omit<Job, 'url' | 'headers' | 'draw' | 'seed'> & {
  /** Each request takes a user that no server has seen. */
  newUsers?: boolean;
};

const firstNewUser = 10_000_000;
const newUsersPerJob = 1_000_000;
let jobs = 0;

/**
 * Sends requests to one server.
 *
 * @throws Error when an answer was wrong: a rate of wrong answers says nothing
 */
export async function drive(generator: Generator, server: RunningServer, plan: Plan): Promise<Run> {
  jobs += 1;
  const { newUsers, ...rest } = plan;
  const job: Job = {
    ...rest,
    url: server.url,
    headers: server.headers,
    seed: jobs * 7919,
    draw: {
      users: server.users,
      ...(newUsers === true && { next: firstNewUser + jobs * newUsersPerJob }),
      ...(server.idsFile !== undefined && { idsFile: server.idsFile }),
    },
  };
  const [serverBefore, generatorBefore, machineBefore] = readCpu(generator, server);
  const threadBefore = cpuSecondsOfFirstThread(server.pid);
  const started = process.hrtime.bigint();
  const result = await generator.run(job);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const threadCpu = difference(threadBefore, cpuSecondsOfFirstThread(server.pid));
  const [serverAfter, generatorAfter, machineAfter] = readCpu(generator, server);
  if (Object.keys(result.wrongStatus).length > 0 || result.wrongBody > 0) {
    const statuses = JSON.stringify(result.wrongStatus);
    const labels = plan.templates.map(({ label }) => label).join(', ');
    throw new Error(
      `${server.name}, ${labels}: wrong statuses ${statuses}, ${result.wrongBody} wrong bodies`,
    );
  }
  const serverCpu = difference(serverBefore, serverAfter);
  const generatorCpu = difference(generatorBefore, generatorAfter);
  const machineCpu = difference(machineBefore, machineAfter);
  const known = serverCpu !== undefined && generatorCpu !== undefined && machineCpu !== undefined;
  const foreign = known ? Math.max(0, (machineCpu - serverCpu - generatorCpu) / seconds) : undefined;
  return { ...result, server: server.name, serverCpu, threadCpu, foreign };
}

function readCpu(generator: Generator, server: RunningServer): (number | undefined)[] {
  const ofServer = cpuSecondsOf(server.pid);
  const ofDatabase = server.databasePid === undefined ? 0 : cpuSecondsOf(server.databasePid);
  const both = ofServer === undefined || ofDatabase === undefined ? undefined : ofServer + ofDatabase;
  return [both, cpuSecondsOf(generator.pid), cpuSecondsOfMachine()];
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}

/** A server and what to ask it, one of several that take turns. */
export type Contender = {
  key: string;
  server: RunningServer;
  plan: Plan;
  warmUp: number;
  /** Drives it in place of the common one. */
  generator?: Generator;
  /** What has to be so while it has its turn. */
  prepare?: () => Promise<void>;
};

export type Rounds = {
  /** Runs by contender, one a round; only the quiet rounds when there were enough of them. */
  runs: Record<string, Run[]>;
  /** Rounds left out because other work on the machine took too much of it. */
  disturbed: number;
  quiet: boolean;
};

const foreignLimit = 0.1;
const leastRounds = 3;

/**
 * Lets contenders take turns, A B C A B C, after a warm-up of each, so that what changes on the machine changes for all of them.
 * A round in which other processes used more than a tenth of a core is repeated, at most `rounds` times in all.
 */
export async function takeTurns(
  generator: Generator,
  contenders: readonly Contender[],
  rounds: number,
): Promise<Rounds> {
  for (const { server, plan, warmUp, prepare, generator: own = generator } of contenders) {
    await prepare?.();
    await drive(own, server, { ...plan, seconds: warmUp });
  }
  const all: Record<string, Run>[] = [];
  const isQuiet = (round: Record<string, Run>) =>
    Object.values(round).every(({ foreign }) => (foreign ?? 0) <= foreignLimit);
  while (all.filter(isQuiet).length < rounds && all.length < 2 * rounds) {
    const round: Record<string, Run> = {};
    for (const { key, server, plan, prepare, generator: own = generator } of contenders) {
      await prepare?.();
      round[key] = await drive(own, server, plan);
    }
    all.push(round);
  }
  const quietRounds = all.filter(isQuiet);
  const quiet = quietRounds.length >= leastRounds;
  const kept = quiet ? quietRounds : all;
  const runs = Object.fromEntries(contenders.map(({ key }) => [key, kept.map((round) => round[key] as Run)]));
  return { runs, disturbed: all.length - quietRounds.length, quiet };
}
