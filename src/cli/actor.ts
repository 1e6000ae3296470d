import { userInfo } from 'node:os';
import type { Actor } from '../storage/audit.ts';

/** Who runs a command, by the account on this machine. */
export function cliActor(): Actor {
  const name = accountName();
  return { kind: 'cli', id: name, name, via: 'cli', address: undefined, requestId: undefined };
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // in a container the account may have a number and no name
    return String(process.getuid?.() ?? 'unknown');
  }
}
