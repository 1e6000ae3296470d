import type { Pinning } from './machine.ts';
import type { Generator, Row } from './measurement.ts';
import type { Options } from './options.ts';
import type { Roster } from './roster.ts';
import type { PeerName, RunningServer } from './server.ts';

/** What every measurement works with. */
export type Context = {
  options: Options;
  pinning: Pinning;
  generator: Generator;
  /** Starts one more generator. @param prefix commands to put before it; the core meant for generators when absent */
  startGenerator(prefix?: readonly string[]): Generator;
  /** Roster with all users stored. */
  roster: Roster;
  /** Starts another Roster with fewer users. */
  startRoster(users: number): Promise<Roster>;
  /** Starts reference servers, hands them to `work`, and stops them whatever comes of it. */
  withPeers<T>(names: readonly PeerName[], work: (peers: RunningServer[]) => Promise<T>): Promise<T>;
  /** Says on stderr what happens now. */
  say(text: string): void;
};

export type Measure = (context: Context) => Promise<Row[]>;
