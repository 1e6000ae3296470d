import type { FastifyReply, FastifyRequest } from 'fastify';
import { OIDC_LIFETIME_MS } from '../../service/oidc.ts';
import type { SignedInOperator } from '../../service/operator-sign-in.ts';
import { DEVICE_LIFETIME_MS } from '../../service/sign-in-devices.ts';

/** What the prefix asks for keeps other hosts and plain HTTP away; browsers take such cookies on http://localhost, too. */
const NAMES = {
  session: '__Host-roster-session',
  device: '__Host-roster-device',
  /** While somebody is at the OpenID provider. */
  oidc: '__Host-roster-oidc',
} as const;

const HOST_ONLY = { path: '/', secure: true, httpOnly: true } as const;

/** The cookies of the console. */
export interface SessionCookies {
  read(request: FastifyRequest, name: keyof typeof NAMES): string | undefined;
  /** Keeps who has signed in, until the browser ends. */
  begin(reply: FastifyReply, signedIn: Pick<SignedInOperator, 'secret' | 'device'>): void;
  end(reply: FastifyReply): void;
  keepOidc(reply: FastifyReply, kept: string): void;
  endOidc(reply: FastifyReply): void;
}

/** @param isReturned whether people come back from an OpenID provider, whose link a strict cookie is not sent with */
export function createSessionCookies(isReturned: boolean): SessionCookies {
  const sameSite = isReturned ? 'lax' : 'strict';
  return {
    read: (request, name) => request.cookies[NAMES[name]],

    begin(reply, { secret, device }) {
      reply.setCookie(NAMES.session, secret, { ...HOST_ONLY, sameSite });
      reply.setCookie(NAMES.device, device, {
        ...{ ...HOST_ONLY, sameSite, maxAge: DEVICE_LIFETIME_MS / 1000 },
      });
    },

    end: (reply) => void reply.clearCookie(NAMES.session, { ...HOST_ONLY, sameSite }),

    keepOidc(reply, kept) {
      reply.setCookie(NAMES.oidc, kept, { ...HOST_ONLY, sameSite: 'lax', maxAge: OIDC_LIFETIME_MS / 1000 });
    },

    endOidc: (reply) => void reply.clearCookie(NAMES.oidc, { ...HOST_ONLY, sameSite: 'lax' }),
  };
}
