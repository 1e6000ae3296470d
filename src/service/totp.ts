import { type KeyObject, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { OperatorAccount, OperatorStore } from '../storage/operators.ts';
import type { Clock } from './clock.ts';
import { type Note, noteAbout, type Operator } from './operator.ts';
import { createSealer } from './sealed.ts';
import { digestOf } from './secrets.ts';
import { ServiceError } from './service-error.ts';

const PERIOD_S = 30;
/** Periods before and after the present one whose codes count, for clocks that differ. */
const WINDOW = 1;
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;

/** What an authenticator app is set up with. */
interface TotpSetup {
  /** `otpauth://totp/…`, to be shown as a QR code. */
  readonly uri: string;
  /** The same secret to type in, in base 32. */
  readonly secret: string;
}

/** One-time codes of an authenticator app (RFC 6238), the second proof of who an operator is. */
export interface Totps {
  /** Makes a secret, which counts when a code of it has been shown. */
  begin(operator: Operator): Promise<TotpSetup>;
  /**
   * Asks for codes from now on.
   *
   * @param code the first one of the app
   * @returns codes for when the device is lost, each good for one use, which are shown once
   * @throws ServiceError when the code is wrong, or nothing was begun
   */
  confirm(operator: Operator, code: string, note: Note): Promise<string[]>;
  remove(operator: Operator, note: Note): Promise<void>;
  /** Whether a code is one of the app, or one for when the device is lost; it counts no second time. */
  check(account: OperatorAccount, code: string): Promise<boolean>;
}

/** @param key the server's secret key, with which secrets are encrypted */
export function createTotps({
  operators,
  key,
  now,
}: {
  readonly operators: OperatorStore;
  readonly key: KeyObject;
  readonly now: Clock;
}): Totps {
  const sealer = createSealer(key, 'operator totp');
  const recoveryDigest = (id: string, code: string): Buffer =>
    digestOf(key, `operator recovery ${id} ${code}`);

  function totpOf(id: string, email: string, sealed: Uint8Array): TOTP | undefined {
    const secret = sealer.open(sealed, [id]);
    if (secret === undefined) return undefined;
    const { buffer } = new Uint8Array(secret);
    return new TOTP({ issuer: 'Roster', label: email, period: PERIOD_S, secret: new Secret({ buffer }) });
  }

  /** Whether a code is right and of a later period than all before. */
  async function takeCode(totp: TOTP | undefined, id: string, code: string): Promise<boolean> {
    const delta = totp?.validate({ token: code, window: WINDOW, timestamp: now() }) ?? null;
    if (delta === null) return false;
    return operators.takeTotpStep(id, Math.floor(now() / 1000 / PERIOD_S) + delta);
  }

  return {
    async begin({ id, email }) {
      const totpPending = sealer.seal(randomBytes(SECRET_BYTES), [id]);
      await operators.changeOperator(id, () => ({ totpPending }));
      const totp = totpOf(id, email, totpPending) as TOTP;
      return { uri: totp.toString(), secret: totp.secret.base32 };
    },

    async confirm(operator, code, note) {
      const { id, email } = operator;
      const pending = (await operators.getOperator(id))?.totpPending;
      if (pending === undefined)
        throw new ServiceError('conflict', 'No authenticator app is being set up: begin again.');
      if (!(await takeCode(totpOf(id, email, pending), id, plain(code))))
        throw new ServiceError(
          'invalid',
          'The code is not the one that the app shows now. If it looks right, the clock of the device may be wrong.',
          { field: 'code' },
        );
      const codes = Array.from({ length: RECOVERY_CODES }, makeRecoveryCode);
      await operators.putRecoveryCodes(
        id,
        codes.map((each) => recoveryDigest(id, plain(each))),
      );
      await operators.changeOperator(id, () => ({ totp: pending, totpPending: undefined }));
      await note(noteAbout('totpOn', operator));
      return codes;
    },

    async remove(operator, note) {
      await operators.changeOperator(operator.id, () => ({ totp: undefined, totpPending: undefined }));
      await note(noteAbout('totpOff', operator));
    },

    async check({ id, email, totp }, given) {
      const code = plain(given);
      if (totp === undefined || code === '') return false;
      return /^\d{6}$/.test(code)
        ? takeCode(totpOf(id, email, totp), id, code)
        : operators.takeRecoveryCode(id, recoveryDigest(id, code));
    },
  };
}

/** As people may have typed it: without what is there to make it easier to read. */
const plain = (code: string): string => code.replace(/[\s-]/g, '').toLowerCase();

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** 60 random bits, in groups of four letters. */
const makeRecoveryCode = (): string =>
  [...randomBytes(12)]
    .map((byte, index) => `${index > 0 && index % 4 === 0 ? '-' : ''}${BASE32.charAt(byte & 31)}`)
    .join('');
