import type { Directory, Tenant } from '../storage/directory.ts';
import type { OperatorAccount, OperatorChange, OperatorStore } from '../storage/operators.ts';
import { administersOperator, seesTenant } from './access.ts';
import { type Clock, timestamp } from './clock.ts';
import { type IssuedLink, newAccount, type OneTimeLinks } from './one-time-links.ts';
import {
  type Acting,
  foldEmail,
  noteAbout,
  type Operator,
  type OperatorRole,
  operatorOf,
  readEmail,
  readOperatorName,
} from './operator.ts';
import { requireOperatorPassword } from './operator-passwords.ts';
import type { Passwords } from './passwords.ts';
import { ServiceError } from './service-error.ts';

interface NewOperator {
  readonly email: string;
  readonly name: string;
  readonly role: OperatorRole;
  /** A domain; owners have none. An administrator of a tenant may leave out the own one. */
  readonly tenant: string | undefined;
}

/** What is absent stays as it is. */
interface OperatorUpdate {
  readonly name?: string | undefined;
  readonly role?: OperatorRole | undefined;
  readonly tenant?: string | undefined;
  readonly active?: boolean | undefined;
}

/**
 * The people who administer the server: owners administer all of them, the administrators of a tenant those of theirs. The
 * last owner who is active and can sign in stays.
 */
export interface Operators {
  /** Those that the operator administers. @throws ServiceError forbidden for auditors */
  list(by: Acting): Promise<Operator[]>;
  /** @throws ServiceError when it can't be made */
  invite(by: Acting, given: NewOperator): Promise<{ readonly operator: Operator; readonly link: IssuedLink }>;
  /** @throws ServiceError when nobody of that name and e-mail address can be invited */
  requireFree(given: Pick<NewOperator, 'email' | 'name'>): Promise<void>;
  /** Number of operators of a tenant. */
  count(tenantId: string): Promise<number>;
  /** Another role, tenant or state ends all sessions. @throws ServiceError */
  update(by: Acting, id: string, update: OperatorUpdate): Promise<Operator>;
  /** Takes password and authenticator app away and ends all sessions. @throws ServiceError */
  reset(by: Acting, id: string): Promise<{ readonly operator: Operator; readonly link: IssuedLink }>;
  /** @throws ServiceError */
  remove(by: Acting, id: string): Promise<Operator>;
  /** @throws ServiceError notFound */
  findByEmail(email: string): Promise<Operator>;

  /** What operators change of themselves. */
  rename(by: Acting & { readonly operator: Operator }, name: string): Promise<Operator>;
  /**
   * Ends all sessions, the one that asks for it too.
   *
   * @returns the account, to begin a session with
   * @throws ServiceError when the password can't be one
   */
  changePassword(by: Acting & { readonly operator: Operator }, password: string): Promise<OperatorAccount>;
}

export function createOperators({
  operators,
  directory,
  links,
  passwords,
  now,
}: {
  readonly operators: OperatorStore;
  readonly directory: Pick<Directory, 'findTenant'>;
  readonly links: OneTimeLinks;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly now: Clock;
}): Operators {
  /** The tenant that somebody of a role is to be of. */
  async function tenantFor(
    by: Acting['operator'],
    role: OperatorRole,
    domain: string | undefined,
  ): Promise<Pick<Tenant, 'id' | 'domain'> | undefined> {
    if (role === 'owner') {
      if (by !== undefined && by.role !== 'owner')
        throw new ServiceError('forbidden', 'Only an owner may make somebody an owner.', { field: 'role' });
      if (domain !== undefined)
        throw new ServiceError('invalid', 'Owners belong to no tenant: leave the tenant out.', {
          field: 'tenant',
        });
      return undefined;
    }
    if (domain === undefined) {
      if (by?.tenantId !== undefined) return { id: by.tenantId, domain: by.tenantDomain ?? '' };
      throw new ServiceError('invalid', 'Say of which tenant, by its domain.', { field: 'tenant' });
    }
    const tenant = await directory.findTenant(domain.trim().toLowerCase());
    if (tenant === undefined || (by !== undefined && !seesTenant(by, tenant)))
      throw new ServiceError('notFound', `There is no tenant ${domain}.`, { field: 'tenant' });
    return tenant;
  }

  async function get(by: Acting['operator'], id: string): Promise<OperatorAccount> {
    const account = await operators.getOperator(id);
    if (account === undefined || !administers(by, account)) throw unknown();
    return account;
  }

  return {
    async list({ operator }) {
      if (operator?.role === 'auditor') throw new ServiceError('forbidden', 'You administer no operators.');
      const all = await operators.listOperators();
      return all.filter((account) => administers(operator, account)).map(operatorOf);
    },

    async invite({ operator: by, note }, { email: given, name, role, tenant }) {
      requireAdministrator(by);
      const account: OperatorAccount = {
        ...newAccount(
          { ...readEmail(given), name: readOperatorName(name), role },
          await tenantFor(by, role, tenant),
        ),
        created: timestamp(now()),
      };
      await operators.createOperator(account);
      const link = await links.make('invitation', account.id);
      await note(noteAbout('create', account, { text: role }));
      return { operator: operatorOf(account), link };
    },

    async requireFree({ email: given, name }) {
      readOperatorName(name);
      const { email, emailKey } = readEmail(given);
      if ((await operators.findOperatorByEmail(emailKey)) !== undefined)
        throw new ServiceError('conflict', `There is an operator with the e-mail address ${email} already.`, {
          field: 'email',
        });
    },

    async count(tenantId) {
      return (await operators.listOperators()).filter((account) => account.tenantId === tenantId).length;
    },

    async update({ operator: by, note }, id, { name, role, tenant, active }) {
      requireAdministrator(by);
      const before = await get(by, id);
      const isMoved = role !== undefined || tenant !== undefined;
      const newRole = role ?? before.role;
      const tenantId = !isMoved
        ? before.tenantId
        : tenant === undefined && newRole !== 'owner' && before.tenantId !== undefined
          ? before.tenantId
          : (await tenantFor(by, newRole, tenant))?.id;
      const newName = name === undefined ? undefined : readOperatorName(name);
      const changed = await operators.changeOperator(id, (current, otherOwners) => {
        if (!administers(by, current)) throw unknown();
        const isActive = active ?? current.active;
        if (!isActive || newRole !== 'owner') requireAnotherOwner(current, otherOwners);
        const isOther =
          newRole !== current.role || tenantId !== current.tenantId || isActive !== current.active;
        const change: OperatorChange = {
          ...(newName !== undefined && { name: newName }),
          ...(isMoved && { role: newRole, tenantId }),
          ...(active !== undefined && { active }),
          endsSessions: isOther,
        };
        return change;
      });
      if (changed === undefined) throw unknown();
      const attributes = Object.entries({ name, role, tenant, active }).filter(
        ([, value]) => value !== undefined,
      );
      await note(noteAbout('update', changed, { attributes: attributes.map(([each]) => each) }));
      return operatorOf(changed);
    },

    async reset({ operator: by, note }, id) {
      requireAdministrator(by);
      await get(by, id);
      const changed = await operators.changeOperator(id, (current) => {
        if (!administers(by, current)) throw unknown();
        if (!current.active)
          throw new ServiceError('conflict', `${current.email} is not active: activate the operator first.`);
        return { password: undefined, totp: undefined, totpPending: undefined, endsSessions: true };
      });
      if (changed === undefined) throw unknown();
      const link = await links.make('reset', id);
      await note(noteAbout('reset', changed));
      return { operator: operatorOf(changed), link };
    },

    async remove({ operator: by, note }, id) {
      requireAdministrator(by);
      await get(by, id);
      const deleted = await operators.deleteOperator(id, (current, otherOwners) => {
        if (!administers(by, current)) throw unknown();
        requireAnotherOwner(current, otherOwners);
      });
      if (deleted === undefined) throw unknown();
      await note(noteAbout('delete', deleted));
      return operatorOf(deleted);
    },

    async findByEmail(email) {
      const account = await operators.findOperatorByEmail(foldEmail(email));
      if (account === undefined)
        throw new ServiceError(
          'notFound',
          `There is no operator ${email}; "roster operator list" shows them.`,
        );
      return operatorOf(account);
    },

    async rename({ operator, note }, name) {
      const newName = readOperatorName(name);
      const changed = await operators.changeOperator(operator.id, () => ({ name: newName }));
      if (changed === undefined) throw unknown();
      await note(noteAbout('update', changed, { attributes: ['name'] }));
      return operatorOf(changed);
    },

    async changePassword({ operator, note }, password) {
      requireOperatorPassword(password, operator.email);
      const hash = await passwords.hash(password);
      const changed = await operators.changeOperator(operator.id, () => ({
        password: hash,
        endsSessions: true,
      }));
      if (changed === undefined) throw unknown();
      await note(noteAbout('changePassword', changed));
      return changed;
    },
  };
}

const unknown = (): ServiceError => new ServiceError('notFound', 'There is no such operator.');

/** @throws ServiceError forbidden */
function requireAdministrator(by: Acting['operator']): void {
  if (by?.role === 'auditor') throw new ServiceError('forbidden', 'You administer no operators.');
}

const administers = (by: Acting['operator'], target: OperatorAccount): boolean =>
  by === undefined || administersOperator(by, target);

/** @throws ServiceError conflict when nobody would be left who administers the server */
function requireAnotherOwner(current: OperatorAccount, otherOwners: number): void {
  const isOwner = current.role === 'owner' && current.active;
  const canSignIn = current.password !== undefined || current.subject !== undefined;
  if (isOwner && canSignIn && otherOwners === 0)
    throw new ServiceError(
      'conflict',
      'This is the last active owner who can sign in: make somebody else one first.',
    );
}
