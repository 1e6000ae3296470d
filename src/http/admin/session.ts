import type { FastifyReply, FastifyRequest } from 'fastify';
import { noteAbout, type Operator } from '../../service/operator.ts';
import type { SignedInOperator } from '../../service/operator-sign-in.ts';
import { ServiceError } from '../../service/service-error.ts';
import type { LiveSession } from '../../service/sessions.ts';
import type { Caller } from './caller.ts';
import { actingOf, requireSafeSignIn, requireSession, signInRefusal, signingIn } from './calling.ts';
import type { SESSION_ROUTES } from './contract/session.ts';
import type { HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';
import type { SessionCookies } from './session-cookies.ts';

type Handlers = Pick<
  HandlersOf<typeof SESSION_ROUTES>,
  | 'signInOptions'
  | 'signIn'
  | 'getSession'
  | 'signOut'
  | 'authenticateAgain'
  | 'startOidc'
  | 'endOidc'
  | 'setUp'
  | 'showLink'
  | 'acceptLink'
>;

export const shownOperator = ({ id, email, name, role, ...rest }: Operator) => ({
  ...{ id, email, name, role },
  ...(rest.tenantDomain !== undefined && { tenant: rest.tenantDomain }),
  active: rest.active,
  hasPassword: rest.hasPassword,
  hasTotp: rest.hasTotp,
  created: rest.created,
  ...(rest.lastSignIn !== undefined && { lastSignIn: rest.lastSignIn }),
});

const shownSession = (operator: Operator, { authenticated, ends }: LiveSession) => ({
  operator: shownOperator(operator),
  authenticated: new Date(authenticated).toISOString(),
  ends: new Date(ends).toISOString(),
});

const SIGN_IN_PAGE = '/console/sign-in';

/** Signing in and out, and the links with which people choose their first password. */
export function sessionHandlers(
  { operatorServices, baseUrl }: Pick<AdminServices, 'operatorServices' | 'baseUrl'>,
  cookies: SessionCookies,
): Handlers {
  const { signIns, sessions, links, oidc, audit, needsSetup } = operatorServices;

  /** Puts a session in the place of the one that there was. */
  async function begin(reply: FastifyReply, signedIn: SignedInOperator, before: Caller | undefined) {
    if (before?.session !== undefined)
      await sessions.end(before.operator.id, before.session.id).catch(() => {});
    cookies.begin(reply, signedIn);
    return shownSession(signedIn.operator, signedIn.session);
  }

  const from = (request: FastifyRequest, caller: Caller | undefined) =>
    signingIn(request, caller, cookies, audit);

  const requireOidc = () => {
    if (oidc === undefined)
      throw new ServiceError('notFound', 'This server has no OpenID provider to sign in with.');
    return oidc;
  };

  return {
    async signInOptions({ request }) {
      const refused = signInRefusal(baseUrl, request);
      return {
        needsSetup: await needsSetup(),
        ...(oidc !== undefined && { oidc: { name: oidc.name } }),
        ...(refused !== undefined && { refused }),
      };
    },

    async signIn({ body: { email, ...proof }, caller, request, reply }) {
      requireSafeSignIn(baseUrl, request);
      const signedIn = await signIns.signIn(email, proof, from(request, undefined));
      return signedIn === 'codeNeeded' ? { codeNeeded: true } : begin(reply, signedIn, caller);
    },

    getSession: async ({ caller }) => shownSession(caller.operator, requireSession(caller)),

    async signOut({ caller, request, reply }) {
      await sessions.end(caller.operator.id, requireSession(caller).id);
      await actingOf(request, caller, audit).note(noteAbout('signOut', caller.operator));
      cookies.end(reply);
      return undefined;
    },

    async authenticateAgain({ caller, body, request }) {
      const { operator } = caller;
      const session = await signIns.confirm(operator, requireSession(caller), body, from(request, caller));
      return session === 'codeNeeded' ? { codeNeeded: true } : shownSession(operator, session);
    },

    async startOidc({ query: { returnTo }, caller, request, reply }) {
      const provider = requireOidc();
      requireSafeSignIn(baseUrl, request);
      const { url, kept } = await provider.begin(returnTo, caller?.session !== undefined);
      cookies.keepOidc(reply, kept);
      return reply.redirect(url, 302);
    },

    async endOidc({ caller, request, reply }) {
      const provider = requireOidc();
      const kept = cookies.read(request, 'oidc');
      cookies.endOidc(reply);
      try {
        requireSafeSignIn(baseUrl, request);
        const search = request.url.replace(/^[^?]*/, '');
        const { account, authenticated, returnTo } = await provider.end(search, kept);
        const signedIn = await signIns.begin(account, from(request, undefined), {
          by: 'oidc',
          authenticated,
        });
        await begin(reply, signedIn, caller);
        return reply.redirect(returnTo, 302);
      } catch (error) {
        // people see a page, not an answer for programs
        if (!(error instanceof ServiceError)) throw error;
        return reply.redirect(`${SIGN_IN_PAGE}?${new URLSearchParams({ error: error.message })}`, 302);
      }
    },

    async setUp({ body: { code, ...first }, caller, request, reply }) {
      requireSafeSignIn(baseUrl, request);
      const account = await links.setUp(code, first, actingOf(request, undefined, audit).note);
      return begin(reply, await signIns.begin(account, from(request, undefined), { by: 'link' }), caller);
    },

    async showLink({ body: { code } }) {
      const { kind, email, name, expires } = await links.show(code);
      return { kind, expires, ...(email !== undefined && { email }), ...(name !== undefined && { name }) };
    },

    async acceptLink({ body: { code, ...given }, caller, request, reply }) {
      requireSafeSignIn(baseUrl, request);
      const account = await links.accept(code, given, actingOf(request, undefined, audit).note);
      return begin(reply, await signIns.begin(account, from(request, undefined), { by: 'link' }), caller);
    },
  };
}
