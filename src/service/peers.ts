/** The other processes that serve the same port. Messages are plain data; they may be lost when a process ends. */
export interface Peers {
  /** Tells every other process; what it does takes no part in the request. */
  tell(topic: string, message: unknown): void;
  /** Says what is done with what others tell. */
  hear(topic: string, take: (message: unknown) => void): void;
  /** Asks every other process. @returns the answers of those that gave one within a second */
  ask(topic: string): Promise<readonly unknown[]>;
  /** Says what others get when they ask. */
  answer(topic: string, give: () => Promise<unknown>): void;
}

/** For a process that serves its port alone. */
export const NO_PEERS: Peers = {
  tell: () => {},
  hear: () => {},
  ask: async () => [],
  answer: () => {},
};
