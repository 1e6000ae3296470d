import { NO_PEERS, type Peers } from './peers.ts';

/** How often processes tell each other what they have counted: a message for each request would cost more than the request. */
const PERIOD_MS = 100;

/**
 * Lets the processes that serve one port count together. What one counts the others know a tenth of a second later; a
 * process that takes the place of another one begins with nothing.
 *
 * @param topic what is counted
 * @param add counts what another process has: so many events of a key
 * @returns notes one event of a key for the others
 */
export function shareCounts(
  peers: Peers,
  topic: string,
  add: (key: string, count: number) => void,
): (key: string) => void {
  if (peers === NO_PEERS) return () => {};
  let untold = new Map<string, number>();
  peers.hear(topic, (told) => {
    for (const [key, count] of told as Map<string, number>) add(key, count);
  });
  const tell = (): void => {
    peers.tell(topic, untold);
    untold = new Map();
  };
  return (key) => {
    if (untold.size === 0) setTimeout(tell, PERIOD_MS).unref();
    untold.set(key, (untold.get(key) ?? 0) + 1);
  };
}
