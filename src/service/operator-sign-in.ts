import type { OperatorAccount, OperatorStore } from '../storage/operators.ts';
import { type Clock, timestamp } from './clock.ts';
import { foldEmail, type Note, noteAbout, type Operator } from './operator.ts';
import { isCheaperHash, type Passwords } from './passwords.ts';
import { createQueue } from './queue.ts';
import { ServiceError } from './service-error.ts';
import type { BegunSession, Device, LiveSession, Sessions } from './sessions.ts';
import type { KnownDevice, SignInDevices } from './sign-in-devices.ts';
import type { SignInLimits, Tries } from './sign-in-limits.ts';
import type { Totps } from './totp.ts';

/** Where somebody signs in, and what their device has kept. */
export interface SigningIn extends Device {
  /** What `SignInDevices` has issued to it. */
  readonly known: string | undefined;
  readonly note: Note;
}

/** Somebody who has just signed in. */
export interface SignedInOperator extends BegunSession {
  /** What the device is to keep, to be known later. */
  readonly device: string;
}

interface Proof {
  readonly password: string;
  /** Of the authenticator app, or one for when the device is lost. */
  readonly code?: string | undefined;
}

export interface OperatorSignIns {
  /**
   * @returns `codeNeeded` when the password is right and a code is asked for
   * @throws ServiceError unauthenticated, the same and after the same time for an e-mail address that nobody has, a wrong
   *   password and an operator who is not active; tooMany after many of them
   */
  signIn(email: string, proof: Proof, from: SigningIn): Promise<SignedInOperator | 'codeNeeded'>;
  /** Proves again who somebody is who has signed in. Throws as `signIn` does. */
  confirm(
    operator: Operator,
    session: LiveSession,
    proof: Proof,
    from: SigningIn,
  ): Promise<LiveSession | 'codeNeeded'>;
  /** @throws ServiceError invalid when it is not the password of the operator */
  requirePassword(operator: Operator, password: string, from: SigningIn): Promise<void>;
  /** Begins a session for an operator who has proved who they are in another way. */
  begin(account: OperatorAccount, from: SigningIn, how: Begin): Promise<SignedInOperator>;
}

interface Begin {
  /** For the audit. */
  readonly by: 'password' | 'link' | 'oidc';
  /** When they have proved it, in milliseconds since 1970; undefined: now. */
  readonly authenticated?: number | undefined;
}

/** Sign-ins from devices that nobody has signed in on: one is checked at a time, so that others have the processors. */
const AT_ONCE = 1;
const WAITING = 20;
const RETRY_S = 2;

export function createOperatorSignIns({
  operators,
  passwords,
  sessions,
  totps,
  devices,
  limits,
  now,
}: {
  readonly operators: OperatorStore;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly totps: Totps;
  readonly devices: SignInDevices;
  readonly limits: SignInLimits;
  readonly now: Clock;
}): OperatorSignIns {
  const queue = createQueue(
    AT_ONCE,
    WAITING,
    () =>
      new ServiceError('tooMany', 'Too many people sign in at the same time. Try again in a moment.', {
        retryAfter: RETRY_S,
      }),
  );

  /** Takes the same time whether there is such an operator or not. */
  function isRight(
    account: OperatorAccount | undefined,
    password: string,
    isKnown: boolean,
  ): Promise<boolean> {
    const hash = account?.active ? account.password : undefined;
    const verify = () => passwords.verify(password, hash);
    // what others send keeps nobody from signing in on a device of theirs
    return isKnown ? verify() : queue.run(verify);
  }

  /** @param device known to be the operator's */
  async function prove(
    account: OperatorAccount | undefined,
    email: string,
    { password, code }: Proof,
    { address, note }: SigningIn,
    device: KnownDevice | undefined,
  ): Promise<OperatorAccount | 'codeNeeded'> {
    const tries = await limits.take(email, address, device?.id);
    if (!(await isRight(account, password, device !== undefined)) || account === undefined) {
      tries.failed();
      if (account !== undefined) noteFailure(note, account, 'password');
      throw wrong();
    }
    await tries.succeeded();
    if (account.totp === undefined) return account;
    if (code === undefined || code.trim() === '') return 'codeNeeded';
    await requireCode(account, code, note, await limits.takeCode(account.id, device?.id));
    return account;
  }

  async function requireCode(
    account: OperatorAccount,
    code: string,
    note: Note,
    tries: Tries,
  ): Promise<void> {
    if (await totps.check(account, code)) return tries.succeeded();
    tries.failed();
    noteFailure(note, account, 'code');
    throw new ServiceError('unauthenticated', 'The code is wrong, or was used already.', { field: 'code' });
  }

  const deviceOf = (account: Pick<OperatorAccount, 'id'> | undefined, { known }: SigningIn) => {
    const device = devices.read(known);
    return device !== undefined && device.operatorId === account?.id ? device : undefined;
  };

  /** Notes the time, and has a password that was hashed at less cost hashed again. */
  async function noteSignIn(account: OperatorAccount, password: string | undefined): Promise<void> {
    const { password: old } = account;
    const hash =
      password !== undefined && old !== undefined && isCheaperHash(old)
        ? await passwords.hash(password)
        : undefined;
    await operators.changeOperator(account.id, (current) => ({
      lastSignIn: timestamp(now()),
      ...(hash !== undefined && current.password === old && { password: hash }),
    }));
  }

  async function begin(
    account: OperatorAccount,
    from: SigningIn,
    { by, authenticated }: Begin,
    password?: string,
  ): Promise<SignedInOperator> {
    await noteSignIn(account, password);
    const begun = await sessions.begin({ ...account, lastSignIn: timestamp(now()) }, from, authenticated);
    await from.note(noteAbout('signIn', account, { text: `by ${by}` }), begun.operator);
    return { ...begun, device: devices.issue(account.id, deviceOf(account, from)) };
  }

  return {
    async signIn(email, proof, from) {
      const emailKey = foldEmail(email);
      // before anything else is done for nobody
      if (devices.read(from.known) === undefined) queue.requireRoom();
      const account = await operators.findOperatorByEmail(emailKey);
      const proved = await prove(account, emailKey, proof, from, deviceOf(account, from));
      return proved === 'codeNeeded' ? proved : begin(proved, from, { by: 'password' }, proof.password);
    },

    async confirm(operator, session, proof, from) {
      const account = await operators.getOperator(operator.id);
      const proved = await prove(account, foldEmail(operator.email), proof, from, deviceOf(operator, from));
      return proved === 'codeNeeded' ? proved : sessions.confirm(session);
    },

    async requirePassword(operator, password, from) {
      const account = await operators.getOperator(operator.id);
      const device = deviceOf(operator, from);
      const tries = await limits.take(foldEmail(operator.email), from.address, device?.id);
      if (await isRight(account, password, device !== undefined)) return tries.succeeded();
      tries.failed();
      throw new ServiceError('invalid', 'This is not your password.', { field: 'current' });
    },

    begin: (account, from, how) => begin(account, from, how),
  };
}

const wrong = (): ServiceError =>
  new ServiceError('unauthenticated', 'The e-mail address or the password is wrong.');

/** Not waited for, since only for an operator that there is one notes anything. */
function noteFailure(note: Note, account: OperatorAccount, what: string): void {
  note(noteAbout('signIn', account, { text: `wrong ${what}` }, 'failure')).catch(() => {});
}
