import { type KeyObject, randomBytes } from 'node:crypto';
import type { OperatorAccount, OperatorSession, OperatorStore } from '../storage/operators.ts';
import { type Clock, timestamp } from './clock.ts';
import { type Operator, operatorOf } from './operator.ts';
import { digestOf, randomId } from './secrets.ts';
import { ServiceError } from './service-error.ts';

const IDLE_MS = 30 * 60_000;
const LIFETIME_MS = 8 * 3_600_000;
const NOTED_EVERY_MS = 60_000;

const LONGEST_USER_AGENT = 300;

/** Where a client is, and what it says that it is. */
export interface Device {
  readonly address: string;
  readonly userAgent: string;
}

/** What the requests of somebody who has signed in need to know. */
export interface LiveSession {
  readonly id: string;
  /** When the operator last proved who they are, in milliseconds since 1970. */
  readonly authenticated: number;
  /** When it ends whatever happens, in milliseconds since 1970. */
  readonly ends: number;
}

/** A session that has just begun. */
export interface BegunSession {
  readonly operator: Operator;
  readonly session: LiveSession;
  /** What the device keeps: 256 random bits, of which the server keeps a digest. */
  readonly secret: string;
}

/** The times that operators are signed in. They end after 30 minutes without a request, and after 8 hours. */
export interface Sessions {
  /** @param authenticated when the operator has proved who they are, in milliseconds since 1970; undefined: now */
  begin(account: OperatorAccount, device: Device, authenticated?: number): Promise<BegunSession>;
  /** @param secret what a device has kept; anything else gives undefined, as a session that has ended does */
  find(secret: string): Promise<{ readonly operator: Operator; readonly session: LiveSession } | undefined>;
  /** Those that are live, the newest first. */
  list(operatorId: string): Promise<OperatorSession[]>;
  /** @throws ServiceError notFound */
  end(operatorId: string, id: string): Promise<void>;
  /** @param keptId undefined: none. @returns how many have ended */
  endOthers(operatorId: string, keptId: string | undefined): Promise<number>;
  /** Notes that the operator has proved again who they are. */
  confirm(session: LiveSession): Promise<LiveSession>;
}

/**
 * @param key the server's secret key
 * @param onNoteFailed told what went wrong when the time of use could not be stored; the request goes on
 */
export function createSessions({
  operators,
  key,
  now,
  onNoteFailed,
}: {
  readonly operators: OperatorStore;
  readonly key: KeyObject;
  readonly now: Clock;
  readonly onNoteFailed: (error: unknown) => void;
}): Sessions {
  const digest = (secret: string): Buffer => digestOf(key, `operator session ${secret}`);
  const noting = new Set<string>();

  const isLive = ({ lastSeen, expires }: OperatorSession): boolean =>
    now() < Date.parse(expires) && now() < Date.parse(lastSeen) + IDLE_MS;

  /** Without it the session ends too early, which is no reason to refuse the request. */
  async function noteUse({ id, lastSeen }: OperatorSession): Promise<void> {
    if (now() - Date.parse(lastSeen) < NOTED_EVERY_MS || noting.has(id)) return;
    noting.add(id);
    await operators
      .noteSessionUse(id, timestamp(now()))
      .catch(onNoteFailed)
      .finally(() => noting.delete(id));
  }

  return {
    async begin(account, { address, userAgent }, authenticated = now()) {
      const secret = randomBytes(32).toString('base64url');
      const created = timestamp(now());
      const session: OperatorSession = {
        id: randomId(),
        operatorId: account.id,
        digest: digest(secret),
        generation: account.generation,
        created,
        authenticated: timestamp(authenticated),
        lastSeen: created,
        expires: timestamp(now() + LIFETIME_MS),
        address,
        userAgent: userAgent.slice(0, LONGEST_USER_AGENT),
      };
      await operators.createSession(session, created);
      return { operator: operatorOf(account), session: liveOf(session), secret };
    },

    async find(secret) {
      const found = await operators.findSession(digest(secret));
      if (found === undefined || !found.account.active || !isLive(found.session)) return undefined;
      await noteUse(found.session);
      return { operator: operatorOf(found.account), session: liveOf(found.session) };
    },

    list: async (operatorId) => (await operators.listSessions(operatorId)).filter(isLive),

    async end(operatorId, id) {
      if (!(await operators.endSession(operatorId, id)))
        throw new ServiceError('notFound', 'There is no such session: it may have ended already.');
    },

    endOthers: (operatorId, keptId = '') => operators.endOtherSessions(operatorId, keptId),

    async confirm(session) {
      const authenticated = now();
      await operators.noteSessionAuthenticated(session.id, timestamp(authenticated));
      return { ...session, authenticated };
    },
  };
}

const liveOf = ({ id, authenticated, expires }: OperatorSession): LiveSession => ({
  id,
  authenticated: Date.parse(authenticated),
  ends: Date.parse(expires),
});
