import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Every process that runs, with the signal that asks it to end. */
const children = new Map<ChildProcess, NodeJS.Signals>();
const directories = new Set<string>();
let ending = false;

/** Tells whether a signal asked the benchmark to end: what fails from then on fails because of that. */
export function isEnding(): boolean {
  return ending;
}

/** Makes sure that a process ends when the benchmark ends, however it ends. @param signal what asks it to */
export function endWithBenchmark<T extends ChildProcess>(child: T, signal: NodeJS.Signals = 'SIGTERM'): T {
  children.set(child, signal);
  child.once('exit', () => children.delete(child));
  if (ending) child.kill('SIGKILL');
  return child;
}

/** Makes a directory that is deleted when the benchmark ends. */
export function temporaryDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `roster-bench-${name}-`));
  directories.add(directory);
  return directory;
}

/** Deletes a temporary directory before the benchmark ends: a million users take gigabytes. */
export function deleteDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  directories.delete(directory);
}

/** Asks a process to end, kills it when it has not after `patience` milliseconds, and resolves once it is gone. */
export async function endProcess(child: ChildProcess, patience = 10_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => resolve());
  child.kill(children.get(child) ?? 'SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patience);
  await promise;
  clearTimeout(timer);
}

/** Ends every process and deletes every directory that is left. */
export async function endAll(): Promise<void> {
  while (children.size > 0) await Promise.all([...children.keys()].map((child) => endProcess(child, 5_000)));
  for (const directory of [...directories]) deleteDirectory(directory);
}

/** Cleans up on Ctrl-C and its kin, then leaves with the shell's code for that signal. */
export function cleanUpOnSignals(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      process.stderr.write('\nending servers and deleting temporary files\n');
      endAll().finally(() => process.exit(code));
    });
  }
}
