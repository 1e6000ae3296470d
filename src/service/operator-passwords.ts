import { isCommonPassword } from './common-passwords.ts';
import { ServiceError } from './service-error.ts';

/** Characters of a password that is the only proof of who somebody is (NIST SP 800-63B-4 section 3.1.1.2). */
const SHORTEST = 15;
const LONGEST = 1000;

/** A part of an e-mail address that is shorter occurs in anything. */
const SHORTEST_NAME = 3;

/**
 * What an operator's password must be. Nothing is asked of the signs in it.
 *
 * @param email of the operator
 * @throws ServiceError
 */
export function requireOperatorPassword(password: string, email: string): void {
  const refusal = refusalOf(password, email);
  if (refusal !== undefined) throw new ServiceError('invalid', refusal, { field: 'password' });
}

function refusalOf(password: string, email: string): string | undefined {
  const { length } = [...password.normalize('NFC')];
  if (length < SHORTEST)
    return `The password has ${length} characters: give at least ${SHORTEST}, for example four words that have nothing to do with each other.`;
  if (length > LONGEST) return `The password has ${length} characters: give at most ${LONGEST}.`;
  if (/\p{Cc}/u.test(password) || password.trim() === '')
    return 'The password holds nothing, or control characters such as a line break.';
  const [name = ''] = email.normalize('NFKC').toLowerCase().split('@');
  if (name.length >= SHORTEST_NAME && password.normalize('NFKC').toLowerCase().includes(name))
    return 'The password holds the name in the e-mail address, which is tried first.';
  if (isCommonPassword(password))
    return 'The password is one that is tried first: choose words that have nothing to do with each other.';
  return undefined;
}
