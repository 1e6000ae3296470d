import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { createQueue } from './queue.ts';
import { ServiceError } from './service-error.ts';

/** Passwords of people, kept as argon2id in PHC string format. */
export interface Passwords {
  /** @throws ServiceError when the password can't be one, or too many wait */
  hash(password: string): Promise<string>;
  /**
   * @param hash undefined for a user who has none; takes as long and gives false
   * @throws ServiceError when too many wait
   */
  verify(password: string, hash: string | undefined): Promise<boolean>;
}

/** What the least of services asks of a password; 15 characters and more are what to recommend. */
const PASSWORD = /^\P{Cc}{5,1000}$/u;

const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Larger ones in a hash from elsewhere would let it exhaust the machine. */
const MOST_MEMORY_KIB = 1_048_576;
const MOST_PASSES = 100;

const argon2id = promisify(argon2).bind(undefined, 'argon2id');

/** A password that nobody has, so that unknown users cost the same time as known ones. */
const ABSENT = phc(Buffer.alloc(SALT_BYTES), Buffer.alloc(HASH_BYTES));

/**
 * @param atOnce hashes computed at the same time: each takes a thread and 19 MiB
 * @param waiting how many more may wait before one is refused
 */
export function createPasswords({ atOnce = 2, waiting = 64 } = {}): Passwords {
  const queue = createQueue(
    atOnce,
    waiting,
    () => new ServiceError('failed', 'Too many passwords are being checked. Try again in a moment.'),
  );
  return {
    async hash(password) {
      requirePassword(password);
      const salt = randomBytes(SALT_BYTES);
      return phc(
        salt,
        await queue.run(() =>
          argon2id({ ...COST, message: prepared(password), nonce: salt, tagLength: HASH_BYTES }),
        ),
      );
    },

    async verify(password, hash) {
      const known = readPhc(hash ?? ABSENT);
      const { tag, ...parameters } = known;
      const found = await queue.run(() =>
        argon2id({ ...parameters, message: prepared(password), tagLength: tag.length }),
      );
      return timingSafeEqual(found, tag) && hash !== undefined;
    },
  };
}

/**
 * @param field where the password stands in what was given
 * @throws ServiceError when a password has not 5 to 1000 characters, or control characters among them
 */
export function requirePassword(password: string, field?: string): void {
  if (!PASSWORD.test(password) || password.trim() === '') {
    throw new ServiceError(
      'invalid',
      'A password has 5 to 1000 characters and no control characters.',
      field === undefined ? {} : { field },
    );
  }
}

/** Whether a hash takes less work to guess than those that are made now. */
export function isCheaperHash(hash: string): boolean {
  const { memory, passes } = readPhc(hash);
  return memory < COST.memory || passes < COST.passes;
}

/** The OpaqueString profile (RFC 8265 section 4.2, asked for by RFC 7644 section 5): every space is the usual one. */
const prepared = (password: string): string => password.replace(/\p{Zs}/gu, ' ').normalize('NFC');

function phc(salt: Buffer, hash: Buffer): string {
  const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function readPhc(text: string) {
  const [, m, t, p, salt = '', hash = ''] = PHC.exec(text) ?? [];
  const [memory, passes, parallelism] = [Number(m), Number(t), Number(p)];
  if (!(memory <= MOST_MEMORY_KIB && passes <= MOST_PASSES)) {
    throw new Error('A stored password hash is not argon2id in PHC string format, or costs too much.');
  }
  return {
    memory,
    passes,
    parallelism,
    nonce: Buffer.from(salt, 'base64'),
    tag: Buffer.from(hash, 'base64'),
  };
}
