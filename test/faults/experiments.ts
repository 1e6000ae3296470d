import { BUSY } from './busy-database.ts';
import { CLOCK_JUMPS } from './clock-jumps.ts';
import { CLOCKS_APART } from './clocks-apart.ts';
import { DELAYED_STANDBY } from './delayed-standby.ts';
import { POOL_EXHAUSTED } from './exhausted-pool.ts';
import type { Experiment } from './experiment.ts';
import { DATA_DISK_FULL, FILE_LIMIT_REACHED, FILE_SYSTEM_FULL, LOG_DISK_FULL } from './full-disk.ts';
import { IF_MATCH } from './if-match.ts';
import { KILLED, KILLED_WITH_MANY, STOPPED } from './killed.ts';
import { KILLED_BULK } from './killed-bulk.ts';
import { CUT_IN_COMMIT, DATABASE_KILLED, DATABASE_RESTARTED, PROMOTED } from './lost-database.ts';
import { MANY_MEMBERS } from './many-members.ts';
import { MANY_SIGN_INS } from './many-sign-ins.ts';
import { ONE_NAME } from './one-name.ts';
import { STARTED_TOGETHER } from './start-together.ts';

/** All faults that are tried. */
export const EXPERIMENTS: readonly Experiment[] = [
  KILLED,
  KILLED_WITH_MANY,
  STOPPED,
  KILLED_BULK,
  ONE_NAME,
  MANY_MEMBERS,
  IF_MATCH,
  STARTED_TOGETHER,
  MANY_SIGN_INS,
  BUSY,
  POOL_EXHAUSTED,
  DATABASE_RESTARTED,
  DATABASE_KILLED,
  CUT_IN_COMMIT,
  PROMOTED,
  DELAYED_STANDBY,
  FILE_LIMIT_REACHED,
  FILE_SYSTEM_FULL,
  DATA_DISK_FULL,
  LOG_DISK_FULL,
  CLOCK_JUMPS,
  CLOCKS_APART,
];
