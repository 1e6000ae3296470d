import { BUSY } from './busy-database.ts';
import { CLOCK_JUMPS } from './clock-jumps.ts';
import type { Experiment } from './experiment.ts';
import { FILE_LIMIT_REACHED, FILE_SYSTEM_FULL } from './full-disk.ts';
import { KILLED, STOPPED } from './killed.ts';
import { KILLED_BULK } from './killed-bulk.ts';
import { STARTED_TOGETHER } from './start-together.ts';
import { TWO_PROCESSES } from './two-processes.ts';

/** All faults that are tried on a server with SQLite. */
export const EXPERIMENTS: readonly Experiment[] = [
  KILLED,
  STOPPED,
  KILLED_BULK,
  TWO_PROCESSES,
  STARTED_TOGETHER,
  BUSY,
  FILE_LIMIT_REACHED,
  FILE_SYSTEM_FULL,
  CLOCK_JUMPS,
];
