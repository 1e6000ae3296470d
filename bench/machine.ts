import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { delimiter, join } from 'node:path';

const ticksPerSecond = 100;

/** Commands to put before a program so that it runs on the cores meant for it; empty where cores cannot be chosen. */
export type Pinning = {
  server: readonly string[];
  generator: readonly string[];
  /** Both of these cores. */
  all: readonly string[];
  pinned: boolean;
};

function allowedCores(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  });
}

/** Chooses one core for the servers and another for the load generator, where Linux and `taskset` allow it. */
export function choosePinning(): Pinning {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => existsSync(join(folder, 'taskset')));
  const cores = found && existsSync('/proc/self/status') ? allowedCores() : [];
  const [first, second] = cores;
  if (first === undefined || second === undefined)
    return { server: [], generator: [], all: [], pinned: false };
  return {
    server: ['taskset', '-c', String(first)],
    generator: ['taskset', '-c', String(second)],
    all: ['taskset', '-c', `${first},${second}`],
    pinned: true,
  };
}

/** Moves a process that runs, with its children. @param prefix see Pinning */
export function moveProcess(pid: number, prefix: readonly string[]): void {
  const cores = prefix.at(-1);
  if (cores === undefined) return;
  for (const each of processTree(pid))
    whileItRuns(() => execFileSync('taskset', ['-c', '-p', cores, String(each)], { stdio: 'ignore' }));
}

/** Describes the machine in one line. */
export function describeMachine(): string {
  const cores = cpus();
  return `${cores[0]?.model.trim() ?? process.arch}, ${cores.length} cores, ${process.platform}, Node ${process.versions.node}`;
}

/** @param of a process, or the path of a thread below /proc */
function statFields(of: number | string): string[] {
  const text = readFileSync(`/proc/${of}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Does something with a process of a list, which may have ended since. */
function whileItRuns(work: () => void): void {
  try {
    work();
  } catch {
    // there is nothing left to do
  }
}

/** Returns a process and all its descendants. */
function processTree(root: number): number[] {
  const childrenOf = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    whileItRuns(() => {
      const parent = Number(statFields(Number(name))[1]);
      childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)]);
    });
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []));
  return tree;
}

/** Returns the CPU seconds that a process and its children have used, or undefined where /proc does not tell. */
export function cpuSecondsOf(pid: number): number | undefined {
  if (!existsSync(`/proc/${pid}/stat`)) return undefined;
  let ticks = 0;
  for (const each of processTree(pid))
    whileItRuns(() => {
      // its own, and that of children which have ended
      for (const field of statFields(each).slice(11, 15)) ticks += Number(field);
    });
  return ticks / ticksPerSecond;
}

/** Returns the CPU seconds that the first thread of a process has used, or undefined where /proc does not tell. */
export function cpuSecondsOfFirstThread(pid: number): number | undefined {
  if (!existsSync(`/proc/${pid}/task`)) return undefined;
  const [user = 0, system = 0] = statFields(`${pid}/task/${pid}`).slice(11, 13).map(Number);
  return (user + system) / ticksPerSecond;
}

/** Returns the CPU seconds that everything on this machine has used since it started, or undefined where unknown. */
export function cpuSecondsOfMachine(): number | undefined {
  if (!existsSync('/proc/stat')) return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] =
    /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').map(Number) ?? [];
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

/** Returns the resident memory of a process and its children in MiB (VmRSS), or undefined where /proc does not tell. */
export function residentMemoryOf(pid: number): number | undefined {
  if (!existsSync(`/proc/${pid}/status`)) return undefined;
  let kibibytes = 0;
  for (const each of processTree(pid))
    whileItRuns(() => {
      kibibytes += Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1] ?? 0);
    });
  return kibibytes / 1024;
}
