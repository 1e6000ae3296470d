import type { KeyObject } from 'node:crypto';
import type { Actor } from '../storage/audit.ts';
import type { Storage } from '../storage/storage.ts';
import type { Clock } from './clock.ts';
import { createOidc, type Oidc, type OidcSettings } from './oidc.ts';
import { createOneTimeLinks, type OneTimeLinks } from './one-time-links.ts';
import type { OperatorNote } from './operator.ts';
import { createOperatorKeys, type OperatorKeys } from './operator-keys.ts';
import { createOperatorSignIns, type OperatorSignIns } from './operator-sign-in.ts';
import { createOperators, type Operators } from './operators.ts';
import type { Passwords } from './passwords.ts';
import type { Peers } from './peers.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSignInDevices } from './sign-in-devices.ts';
import { createSignInLimits } from './sign-in-limits.ts';
import { createTotps, type Totps } from './totp.ts';

export type OperatorAudit = (actor: Actor, note: OperatorNote) => Promise<void>;

/** Everything about the people who administer the server. */
export interface OperatorServices {
  readonly operators: Operators;
  readonly links: OneTimeLinks;
  readonly sessions: Sessions;
  readonly signIns: OperatorSignIns;
  readonly totps: Totps;
  readonly keys: OperatorKeys;
  /** undefined: there is no OpenID provider. */
  readonly oidc: Oidc | undefined;
  /** Appends to the audit what somebody did to operators. */
  readonly audit: OperatorAudit;
  /** Whether nobody has been set up yet. */
  readonly needsSetup: () => Promise<boolean>;
}

/**
 * @param key the server's secret key
 * @param baseUrl where the server is reached, without a slash at the end
 * @param peers the processes that count failed sign-ins together with this one
 * @param onNoteFailed told what went wrong when a time of use could not be stored
 */
export function createOperatorServices({
  storage,
  passwords,
  key,
  now,
  baseUrl,
  peers,
  oidc,
  audit,
  onNoteFailed,
}: {
  readonly storage: Pick<Storage, 'operators' | 'directory'>;
  readonly passwords: Passwords;
  readonly key: KeyObject;
  readonly now: Clock;
  readonly baseUrl: string;
  readonly peers: Peers;
  readonly oidc: OidcSettings | undefined;
  readonly audit: OperatorAudit;
  readonly onNoteFailed: (error: unknown) => void;
}): OperatorServices {
  const { operators, directory } = storage;
  const links = createOneTimeLinks({ operators, passwords, key, now, baseUrl });
  const sessions = createSessions({ operators, key, now, onNoteFailed });
  const totps = createTotps({ operators, key, now });
  return {
    operators: createOperators({ operators, directory, links, passwords, now }),
    links,
    sessions,
    signIns: createOperatorSignIns({
      ...{ operators, passwords, sessions, totps, now },
      devices: createSignInDevices({ key, now }),
      limits: createSignInLimits(peers),
    }),
    totps,
    keys: createOperatorKeys({ operators, key, now, onNoteFailed }),
    oidc: oidc && createOidc(oidc, { operators, key, now, baseUrl }),
    audit,
    needsSetup: async () => !(await operators.hasOperators()),
  };
}
