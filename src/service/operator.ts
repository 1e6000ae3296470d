import type { OperatorAccount, OperatorRole } from '../storage/operators.ts';
import { ServiceError } from './service-error.ts';

export type { OperatorRole } from '../storage/operators.ts';

/** A person who signs in to the console, as others may know them. */
export interface Operator {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: OperatorRole;
  /** undefined for owners, who belong to no tenant. */
  readonly tenantId: string | undefined;
  /** The domain of the tenant. */
  readonly tenantDomain: string | undefined;
  readonly active: boolean;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly lastSignIn: string | undefined;
  /** false: has not used the link of an invitation or a reset yet. */
  readonly hasPassword: boolean;
  readonly hasTotp: boolean;
}

export const operatorOf = (account: OperatorAccount): Operator => ({
  id: account.id,
  email: account.email,
  name: account.name,
  role: account.role,
  tenantId: account.tenantId,
  tenantDomain: account.tenantDomain,
  active: account.active,
  created: account.created,
  lastSignIn: account.lastSignIn,
  hasPassword: account.password !== undefined,
  hasTotp: account.totp !== undefined,
});

/** What was done to or by an operator, for the audit: no secrets, no values. */
export interface OperatorNote {
  /** Whose audit it is in; undefined: that of the server as a whole. */
  readonly tenantId: string | undefined;
  readonly entry: {
    readonly action: string;
    readonly target: { readonly type: string; readonly id: string; readonly name: string };
    readonly detail: { readonly attributes?: readonly string[]; readonly text?: string };
    readonly result: 'success' | 'failure';
  };
}

/** Appends to the audit. @param operator who did it; undefined: as `Acting` says */
export type Note = (note: OperatorNote, operator?: Operator) => Promise<void>;

/** On whose behalf operators are changed, and where it is noted. */
export interface Acting {
  /** undefined: whoever runs commands on the data itself, who may do everything. */
  readonly operator: Operator | undefined;
  readonly note: Note;
}

/** @param action the verb */
export const noteAbout = (
  action: string,
  { id, email, tenantId }: Pick<Operator, 'id' | 'email' | 'tenantId'>,
  detail: OperatorNote['entry']['detail'] = {},
  result: OperatorNote['entry']['result'] = 'success',
): OperatorNote => ({
  tenantId,
  entry: { action: `operator.${action}`, target: { type: 'Operator', id, name: email }, detail, result },
});

const EMAIL = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u;

/**
 * An e-mail address as it is kept, and folded: nobody has two that differ by case alone.
 *
 * @throws ServiceError when it can't be one
 */
export function readEmail(text: string): { readonly email: string; readonly emailKey: string } {
  const email = text.trim().normalize('NFC');
  if (!EMAIL.test(email) || email.length > 254)
    throw new ServiceError('invalid', 'Give an e-mail address, such as jo@example.com.', { field: 'email' });
  return { email, emailKey: foldEmail(email) };
}

/** The form in which e-mail addresses are compared. */
export const foldEmail = (text: string): string => text.trim().normalize('NFC').toLowerCase();

/** @throws ServiceError when it can't be one */
export function readOperatorName(text: string): string {
  const name = text.trim().normalize('NFC');
  if (!/^\P{Cc}{1,100}$/u.test(name))
    throw new ServiceError('invalid', 'A name has 1 to 100 characters and no line break.', { field: 'name' });
  return name;
}
