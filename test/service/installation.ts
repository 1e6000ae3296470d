import { createSecretKey, randomBytes } from 'node:crypto';
import { createAccounts } from '../../src/service/accounts.ts';
import { createAdministrators } from '../../src/service/administrator.ts';
import { createAuthenticator } from '../../src/service/authenticate.ts';
import { createCredentials } from '../../src/service/credentials.ts';
import {
  createIntegrations,
  DEFAULT_INTEGRATION,
  type NewIntegration,
} from '../../src/service/integrations.ts';
import { createPasswords } from '../../src/service/passwords.ts';
import { createPermissions } from '../../src/service/permissions.ts';
import { type IssuedSecret, secretText } from '../../src/service/secrets.ts';
import { createServices } from '../../src/service/services.ts';
import { createTenants } from '../../src/service/tenants.ts';
import { createUserStores } from '../../src/service/user-stores.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { temporaryStorage } from '../support/server.ts';

export const START = Date.parse('2026-05-04T03:02:01.000Z');

/** All services on a storage of their own, with a clock that stands still until it is set. */
export async function createInstallation() {
  const { storage, close } = await temporaryStorage();
  const clock = { time: START };
  const now = () => clock.time;
  const key = createSecretKey(randomBytes(32));
  const noted: string[] = [];
  const watched = watchingUses(storage, noted);
  const failures: unknown[] = [];
  const integrations = createIntegrations({ storage, now, key });
  const passwords = createPasswords();
  const accounts = createAccounts(createServices({ storage, key, now }), 'http://roster.test/scim/v2');
  return {
    storage,
    close,
    clock,
    now,
    key,
    /** Credential and time of each use that was stored. */
    noted,
    /** What could not be stored of them. */
    failures,
    passwords,
    accounts,
    tenants: createTenants({ storage, now }),
    userStores: createUserStores({ storage, now }),
    integrations,
    credentials: createCredentials({ storage, now, key }),
    administrators: createAdministrators({ storage, now, passwords, accounts }),
    permissions: createPermissions({ storage, now }),
    authenticator: createAuthenticator({
      storage: watched,
      key,
      onNoteFailed: (error) => void failures.push(error),
    }),
    addIntegration: (tenant: Tenant, settings: Partial<NewIntegration> = {}) =>
      integrations.create(tenant, { ...DEFAULT_INTEGRATION, name: 'test', ...settings }),
  };
}

export type TestInstallation = Awaited<ReturnType<typeof createInstallation>>;

function watchingUses(storage: Storage, noted: string[]): Pick<Storage, 'directory'> {
  const { directory } = storage;
  return {
    directory: {
      ...directory,
      noteCredentialUse(tenantId, credentialId, at) {
        noted.push(`${credentialId} ${at}`);
        return directory.noteCredentialUse(tenantId, credentialId, at);
      },
    },
  };
}

/** The value of an Authorization header. */
export const headerOf = (secret: IssuedSecret): string =>
  secret.auth === 'bearer'
    ? `Bearer ${secret.token}`
    : `Basic ${Buffer.from(secretText(secret)).toString('base64')}`;
