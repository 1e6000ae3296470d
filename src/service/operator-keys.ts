import { type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import type { OperatorKey, OperatorStore } from '../storage/operators.ts';
import { type Clock, timestamp } from './clock.ts';
import { type Note, noteAbout, type Operator, operatorOf } from './operator.ts';
import { checksum, digestOf, randomId } from './secrets.ts';
import { ServiceError } from './service-error.ts';

const NOTED_EVERY_MS = 60_000;

// 43 characters of 32 random bytes and 6 of their checksum
const TOKEN = /^rosterop_([a-z2-7]{12})_[A-Za-z0-9_-]{49}$/;

/** API keys: what the scripts of an operator act with, with all rights of the operator. */
export interface OperatorKeys {
  /**
   * @param expires milliseconds since 1970; undefined: never
   * @returns the key, and the token that is shown once
   * @throws ServiceError when the name can't be one, or `expires` is not in the future
   */
  create(
    operator: Operator,
    name: string,
    expires: number | undefined,
    note: Note,
  ): Promise<{ readonly key: OperatorKey; readonly token: string }>;
  list(operatorId: string): Promise<OperatorKey[]>;
  /** @throws ServiceError notFound */
  remove(operator: Operator, id: string, note: Note): Promise<void>;
  /** Finds the active operator whose token it is. */
  authenticate(
    token: string,
  ): Promise<{ readonly operator: Operator; readonly key: { readonly id: string } } | undefined>;
}

/**
 * @param key the server's secret key
 * @param onNoteFailed told what went wrong when the time of use could not be stored; the request goes on
 */
export function createOperatorKeys({
  operators,
  key: secretKey,
  now,
  onNoteFailed,
}: {
  readonly operators: OperatorStore;
  readonly key: KeyObject;
  readonly now: Clock;
  readonly onNoteFailed: (error: unknown) => void;
}): OperatorKeys {
  const noting = new Set<string>();

  function noteUse({ id, lastUsed }: OperatorKey): void {
    const isRecent = lastUsed !== undefined && now() - Date.parse(lastUsed) < NOTED_EVERY_MS;
    if (isRecent || noting.has(id)) return;
    noting.add(id);
    operators
      .noteKeyUse(id, timestamp(now()))
      .catch(onNoteFailed)
      .finally(() => noting.delete(id));
  }

  return {
    async create(operator, name, expires, note) {
      if (!/^\P{Cc}{1,100}$/u.test(name.trim()))
        throw new ServiceError('invalid', 'The name of a key has 1 to 100 characters and no line break.', {
          field: 'name',
        });
      if (expires !== undefined && expires <= now())
        throw new ServiceError('invalid', 'The key would have expired already: give a time in the future.', {
          field: 'expires',
        });
      const id = randomId();
      const random = randomBytes(32).toString('base64url');
      const token = `rosterop_${id}_${random}${checksum(random)}`;
      const key: OperatorKey = {
        id,
        operatorId: operator.id,
        name: name.trim(),
        digest: digestOf(secretKey, token),
        suffix: token.slice(-4),
        created: timestamp(now()),
        lastUsed: undefined,
        expires: expires === undefined ? undefined : timestamp(expires),
      };
      await operators.createKey(key);
      await note(noteAbout('createKey', operator, { text: `…${key.suffix}` }));
      return { key, token };
    },

    list: (operatorId) => operators.listKeys(operatorId),

    async remove(operator, id, note) {
      if (!(await operators.deleteKey(operator.id, id)))
        throw new ServiceError('notFound', 'You have no such API key.');
      await note(noteAbout('deleteKey', operator, { text: id }));
    },

    async authenticate(token) {
      const id = TOKEN.exec(token)?.[1];
      if (id === undefined) return undefined;
      const digest = digestOf(secretKey, token);
      const found = await operators.findKey(id);
      if (found === undefined || !timingSafeEqual(digest, found.key.digest)) return undefined;
      const { key, account } = found;
      if (!account.active || (key.expires !== undefined && now() >= Date.parse(key.expires)))
        return undefined;
      noteUse(key);
      return { operator: operatorOf(account), key: { id } };
    },
  };
}
