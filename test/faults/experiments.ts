import { BUSY } from './busy-database.ts';
import { CLOCK_JUMPS } from './clock-jumps.ts';
import type { Experiment } from './experiment.ts';
import { FILE_LIMIT_REACHED, FILE_SYSTEM_FULL } from './full-disk.ts';
import { KILLED, KILLED_WITH_MANY, STOPPED } from './killed.ts';
import { KILLED_BULK } from './killed-bulk.ts';
import { CUT_IN_COMMIT, DATABASE_KILLED, DATABASE_RESTARTED, PROMOTED } from './lost-database.ts';
import { STARTED_TOGETHER } from './start-together.ts';
import { TWO_PROCESSES } from './two-processes.ts';

/** All faults that are tried. */
export const EXPERIMENTS: readonly Experiment[] = [
  KILLED,
  KILLED_WITH_MANY,
  STOPPED,
  KILLED_BULK,
  TWO_PROCESSES,
  STARTED_TOGETHER,
  BUSY,
  DATABASE_RESTARTED,
  DATABASE_KILLED,
  CUT_IN_COMMIT,
  PROMOTED,
  FILE_LIMIT_REACHED,
  FILE_SYSTEM_FULL,
  CLOCK_JUMPS,
];
