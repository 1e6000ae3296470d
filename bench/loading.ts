import { openInstallation, scimUrlOf } from '../src/cli/installation.ts';
import { loadConfig } from '../src/config.ts';
import { BUILT_IN, USER_TYPE } from '../src/core/registry.ts';
import { toleranceOf } from '../src/core/tolerance.ts';
import { newResourceId } from '../src/service/ids.ts';
import { loadResources } from '../src/service/load.ts';
import { makeUsers } from './user-data.ts';

export type Loaded = {
  tenantId: string;
  /** The ids of the users, in the order of their indexes. */
  ids: readonly string[];
  /** From the first user to the commit of the last one. */
  seconds: number;
};

/**
 * Loads users 0 to `users - 1` into the super tenant of a data directory, which is made when it is empty.
 *
 * @throws Error of the first user that is refused
 */
export async function loadUsers(dataDirectory: string, users: number): Promise<Loaded> {
  const config = loadConfig({ ROSTER_DATA_DIR: dataDirectory });
  const { storage, superTenant, now } = await openInstallation(config, Date.now);
  try {
    const context = {
      tenantId: superTenant.id,
      settings: { dialect: 'standard', requirePrimaryEmail: false, scopes: ['read', 'write'] },
      tolerance: toleranceOf('standard'),
      precondition: undefined,
      registry: BUILT_IN,
      baseUrl: scimUrlOf(config),
    } as const;
    const ids: string[] = [];
    const started = performance.now();
    await loadResources(
      { storage, now, newId: newResourceId },
      context,
      USER_TYPE,
      makeUsers(0, users),
      (batch) => ids.push(...batch),
    );
    return { tenantId: superTenant.id, ids, seconds: (performance.now() - started) / 1000 };
  } finally {
    await storage.close();
  }
}
