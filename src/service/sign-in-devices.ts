import { type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Clock } from './clock.ts';
import { digestOf, randomId } from './secrets.ts';

/** How long a device that an operator has signed in on is remembered. */
export const DEVICE_LIFETIME_MS = 180 * 86_400_000;

/** A device that an operator has signed in on before. */
export interface KnownDevice {
  readonly id: string;
  readonly operatorId: string;
}

/**
 * Remembers on which devices operators have signed in, by a text that the device keeps. It proves nothing of who somebody is:
 * the wrong passwords that others send do not count for a device that is known.
 */
export interface SignInDevices {
  /** @param known the device that it is already, of whichever operator */
  issue(operatorId: string, known: KnownDevice | undefined): string;
  /** @returns undefined for what was not issued, or is too old */
  read(text: string | undefined): KnownDevice | undefined;
}

const DEVICE = /^([a-z2-7]{12})\.([a-z2-7]{12})\.(\d{1,11})\.([A-Za-z0-9_-]{43})$/;

/** @param key the server's secret key */
export function createSignInDevices({
  key,
  now,
}: {
  readonly key: KeyObject;
  readonly now: Clock;
}): SignInDevices {
  const signatureOf = (content: string): Buffer => digestOf(key, `operator device ${content}`);
  return {
    issue(operatorId, known) {
      const id = known?.operatorId === operatorId ? known.id : randomId();
      const content = `${operatorId}.${id}.${Math.floor(now() / 1000)}`;
      return `${content}.${signatureOf(content).toString('base64url')}`;
    },

    read(text) {
      const [, operatorId, id, issued, signature] = DEVICE.exec(text ?? '') ?? [];
      if (operatorId === undefined || id === undefined || signature === undefined) return undefined;
      const right = signatureOf(`${operatorId}.${id}.${issued}`);
      const given = Buffer.from(signature, 'base64url');
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      return now() < Number(issued) * 1000 + DEVICE_LIFETIME_MS ? { id, operatorId } : undefined;
    },
  };
}
