import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FILE_SYSTEM_MIB = 64;

/** A file system of its own, which other files can take all of. */
export interface SmallFileSystem {
  readonly directory: string;
  fill(): void;
  free(): void;
  close(): void;
}

/** Whether this process has the rights to mount one. */
export function canMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'roster-disk-'));
  const isMounted = canRun('mount', mountArguments(directory));
  if (isMounted) execFileSync('umount', [directory]);
  rmSync(directory, { recursive: true });
  return isMounted;
}

const mountArguments = (directory: string): string[] => [
  ...['-t', 'tmpfs', '-o', `size=${FILE_SYSTEM_MIB}m`, 'tmpfs', directory],
];

export function canRun(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function mountSmall(): SmallFileSystem {
  const directory = mkdtempSync(join(tmpdir(), 'roster-disk-'));
  execFileSync('mount', mountArguments(directory));
  return {
    directory,
    fill() {
      try {
        for (let part = 0; ; part++)
          writeFileSync(join(directory, `filler-${part}`), Buffer.alloc(1024 * 64));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    free: () => void execFileSync('sh', ['-c', 'rm -f "$1"/filler-*', 'sh', directory]),
    close() {
      // processes of a server that was killed may be about to end
      execFileSync('umount', ['--lazy', directory]);
      rmSync(directory, { recursive: true });
    },
  };
}
