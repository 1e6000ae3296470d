import { noteAbout } from '../../service/operator.ts';
import { ServiceError } from '../../service/service-error.ts';
import { actingOf, requireSession, signingIn } from './calling.ts';
import type { SESSION_ROUTES } from './contract/session.ts';
import { AUTHENTICATED_MS, type HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';
import { type sessionHandlers, shownOperator } from './session.ts';
import type { SessionCookies } from './session-cookies.ts';

type Handlers = Omit<HandlersOf<typeof SESSION_ROUTES>, keyof ReturnType<typeof sessionHandlers>>;

type OperatorKey = Awaited<ReturnType<AdminServices['operatorServices']['keys']['list']>>[number];

const shownKey = ({ id, name, suffix, created, lastUsed, expires }: OperatorKey) => ({
  ...{ id, name, suffix, created },
  ...(lastUsed !== undefined && { lastUsed }),
  ...(expires !== undefined && { expires }),
});

/** What operators do with their own account. Whatever proves who they are is up to them, not to an API key. */
export function accountHandlers(
  { operatorServices, services }: Pick<AdminServices, 'operatorServices' | 'services'>,
  cookies: SessionCookies,
): Handlers {
  const { operators, signIns, sessions, totps, keys, audit } = operatorServices;
  return {
    async updateAccount({ caller, body: { name }, request }) {
      return shownOperator(await operators.rename(actingOf(request, caller, audit), name));
    },

    async changePassword({ caller, body: { current, password }, request, reply }) {
      const { authenticated } = requireSession(caller);
      const from = signingIn(request, caller, cookies, audit);
      if (caller.operator.hasPassword) await signIns.requirePassword(caller.operator, current, from);
      else if (services.now() - authenticated >= AUTHENTICATED_MS)
        throw new ServiceError('reauthenticate', 'Confirm who you are, then this goes on.');
      const account = await operators.changePassword(actingOf(request, caller, audit), password);
      cookies.begin(reply, await signIns.begin(account, from, { by: 'password', authenticated }));
      return undefined;
    },

    startTotp: async ({ caller }) => {
      requireSession(caller);
      return totps.begin(caller.operator);
    },

    async confirmTotp({ caller, body: { code }, request }) {
      requireSession(caller);
      const { note } = actingOf(request, caller, audit);
      return { recoveryCodes: await totps.confirm(caller.operator, code, note) };
    },

    async removeTotp({ caller, request }) {
      requireSession(caller);
      await totps.remove(caller.operator, actingOf(request, caller, audit).note);
      return undefined;
    },

    async listSessions({ caller }) {
      const found = await sessions.list(caller.operator.id);
      return found.map(({ id, address, userAgent, created, lastSeen }) => ({
        ...{ id, address, userAgent, created, lastSeen },
        isCurrent: id === caller.session?.id,
      }));
    },

    async endOtherSessions({ caller, request }) {
      const ended = await sessions.endOthers(caller.operator.id, caller.session?.id);
      const { note } = actingOf(request, caller, audit);
      await note(noteAbout('endSession', caller.operator, { text: `${ended} others` }));
      return undefined;
    },

    async endSession({ caller, params: { session }, request }) {
      await sessions.end(caller.operator.id, session);
      await actingOf(request, caller, audit).note(noteAbout('endSession', caller.operator));
      return undefined;
    },

    listKeys: async ({ caller }) => (await keys.list(caller.operator.id)).map(shownKey),

    async createKey({ caller, body: { name, expires }, request }) {
      requireSession(caller);
      const until = expires === undefined ? undefined : Date.parse(expires);
      const { note } = actingOf(request, caller, audit);
      const { key, token } = await keys.create(caller.operator, name, until, note);
      return { key: shownKey(key), secret: token };
    },

    async deleteKey({ caller, params: { key }, request }) {
      await keys.remove(caller.operator, key, actingOf(request, caller, audit).note);
      return undefined;
    },
  };
}
