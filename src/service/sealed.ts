import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/** Encrypts what is kept or given away, together with what it is bound to, by AES-256-GCM. */
export interface Sealer {
  /** @param binding any JSON value; the same must be given to open it */
  seal(content: Uint8Array, binding: readonly unknown[]): Buffer;
  /** @returns undefined for what was not sealed with the key, for the purpose and with the binding */
  open(sealed: Uint8Array, binding: readonly unknown[]): Buffer | undefined;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * @param key the server's secret key, so that every node of a server reads what the others have sealed
 * @param purpose what is sealed for one purpose is no good for another
 */
export function createSealer(key: KeyObject, purpose: string): Sealer {
  const secret = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, 32));
  return {
    seal(content, binding) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(bytesOf(binding));
      return Buffer.concat([iv, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
    },

    open(sealed, binding) {
      if (sealed.length < IV_BYTES + TAG_BYTES) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(bytesOf(binding)).setAuthTag(sealed.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
