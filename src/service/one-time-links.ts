import { type KeyObject, randomBytes } from 'node:crypto';
import type { Tenant } from '../storage/directory.ts';
import type { OneTimeLinkKind, OperatorAccount, OperatorStore } from '../storage/operators.ts';
import { type Clock, timestamp } from './clock.ts';
import { type Note, noteAbout, operatorOf, readEmail, readOperatorName } from './operator.ts';
import { requireOperatorPassword } from './operator-passwords.ts';
import type { Passwords } from './passwords.ts';
import { digestOf, randomId } from './secrets.ts';
import { ServiceError } from './service-error.ts';

const LIFETIME_MS: Readonly<Record<OneTimeLinkKind, number>> = {
  setup: 30 * 60_000,
  invitation: 7 * 86_400_000,
  reset: 24 * 3_600_000,
};

const CODE = /^[A-Za-z0-9_-]{43}$/;

/** A link that whoever it is for gets once. */
export interface IssuedLink {
  /** The code is behind the `#`, which browsers send nowhere. */
  readonly url: string;
  readonly expires: string;
}

/** What a link is for. */
interface ShownLink {
  readonly kind: OneTimeLinkKind;
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly expires: string;
}

/** Links with which people choose their first or a new password. */
export interface OneTimeLinks {
  /** Makes the link for the first owner. @returns undefined when there are operators */
  makeSetup(): Promise<IssuedLink | undefined>;
  /** Makes a link for an operator; those before work no more. */
  make(kind: 'invitation' | 'reset', operatorId: string): Promise<IssuedLink>;
  /** @throws ServiceError gone when there is no such link any more */
  show(code: string): Promise<ShownLink>;
  /**
   * Makes the first owner.
   *
   * @throws ServiceError gone, or invalid when the password can't be one
   */
  setUp(
    code: string,
    first: { readonly email: string; readonly name: string; readonly password: string },
    note: Note,
  ): Promise<OperatorAccount>;
  /**
   * Gives an operator a password, and maybe another name.
   *
   * @throws ServiceError gone, or invalid when the password can't be one
   */
  accept(
    code: string,
    given: { readonly password: string; readonly name?: string | undefined },
    note: Note,
  ): Promise<OperatorAccount>;
}

/** @param baseUrl where the server is reached, without a slash at the end */
export function createOneTimeLinks({
  operators,
  passwords,
  key,
  now,
  baseUrl,
}: {
  readonly operators: OperatorStore;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly key: KeyObject;
  readonly now: Clock;
  readonly baseUrl: string;
}): OneTimeLinks {
  const digest = (code: string): Buffer => digestOf(key, `operator link ${code}`);

  async function issue(kind: OneTimeLinkKind, operatorId: string | undefined): Promise<IssuedLink> {
    const code = randomBytes(32).toString('base64url');
    const created = timestamp(now());
    const expires = timestamp(now() + LIFETIME_MS[kind]);
    await operators.putLink({ digest: digest(code), kind, operatorId, created, expires });
    return { url: `${baseUrl}/console/${kind === 'setup' ? 'setup' : 'link'}#${code}`, expires };
  }

  async function find(code: string) {
    const link = CODE.test(code) ? await operators.findLink(digest(code), timestamp(now())) : undefined;
    if (link === undefined) throw gone();
    const { operatorId } = link;
    const account = operatorId === undefined ? undefined : await operators.getOperator(operatorId);
    const isGood = operatorId === undefined ? !(await operators.hasOperators()) : account?.active === true;
    if (!isGood) throw gone();
    return { link, account };
  }

  return {
    makeSetup: async () => ((await operators.hasOperators()) ? undefined : issue('setup', undefined)),

    make: (kind, operatorId) => issue(kind, operatorId),

    async show(code) {
      const { link, account } = await find(code);
      return { kind: link.kind, email: account?.email, name: account?.name, expires: link.expires };
    },

    async setUp(code, { email: given, name, password }, note) {
      const { link } = await find(code);
      if (link.kind !== 'setup') throw gone();
      const { email, emailKey } = readEmail(given);
      requireOperatorPassword(password, email);
      const account: OperatorAccount = {
        ...newAccount({ email, emailKey, name: readOperatorName(name), role: 'owner' }, undefined),
        created: timestamp(now()),
        password: await passwords.hash(password),
      };
      if (!(await operators.createFirstOperator(account, link.digest, timestamp(now())))) throw gone();
      await note(noteAbout('setUp', account), operatorOf(account));
      return account;
    },

    async accept(code, { password, name }, note) {
      const { link, account } = await find(code);
      if (account === undefined) throw gone();
      requireOperatorPassword(password, account.email);
      const changed = await operators.useLink(link.digest, timestamp(now()), {
        password: await passwords.hash(password),
        endsSessions: true,
        ...(name !== undefined && { name: readOperatorName(name) }),
      });
      if (changed === undefined) throw gone();
      await note(noteAbout('acceptLink', changed, { text: link.kind }), operatorOf(changed));
      return changed;
    },
  };
}

const gone = (): ServiceError =>
  new ServiceError('gone', 'This link has expired or was used already. Ask for another one.');

/** An operator who has done nothing yet. */
export const newAccount = (
  given: Pick<OperatorAccount, 'email' | 'emailKey' | 'name' | 'role'>,
  tenant: Pick<Tenant, 'id' | 'domain'> | undefined,
): Omit<OperatorAccount, 'created'> => ({
  ...given,
  tenantId: tenant?.id,
  tenantDomain: tenant?.domain,
  id: randomId(),
  active: true,
  lastSignIn: undefined,
  password: undefined,
  totp: undefined,
  totpPending: undefined,
  subject: undefined,
  generation: 0,
});
