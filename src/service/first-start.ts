import type { Tenant } from '../storage/directory.ts';
import type { Storage } from '../storage/storage.ts';
import { ADMINISTRATOR, type Administrators } from './administrator.ts';
import { type Clock, timestamp } from './clock.ts';
import { DEFAULT_INTEGRATION, type Integrations } from './integrations.ts';
import { type IssuedSecret, makePassword } from './secrets.ts';

/** What the first start has made and shows once. */
export interface FirstStart {
  readonly userName: string;
  /** undefined when the operator has chosen it. */
  readonly password: string | undefined;
  readonly integration: string;
  readonly secret: IssuedSecret;
}

/** The setting that says when the first start was. */
export const FIRST_START = 'first-start';

const QUICKSTART = 'quickstart';

/**
 * Makes what a new server begins with, once: in the super tenant the group `PRIMARY/admin`, the user `admin` as its
 * member, and the bearer integration `quickstart`. When it is interrupted, the next start does it again. Of processes
 * that start together one does it, and the others wait.
 *
 * @param password of the user `admin`; undefined: generated
 * @param quickstart false leaves user and integration out
 * @returns the secrets to show; undefined when there are none
 */
export async function runFirstStart({
  storage,
  now,
  tenant,
  administrators,
  integrations,
  password,
  quickstart,
}: {
  readonly storage: Pick<Storage, 'directory' | 'exclusively'>;
  readonly now: Clock;
  readonly tenant: Tenant;
  readonly administrators: Administrators;
  readonly integrations: Integrations;
  readonly password: string | undefined;
  readonly quickstart: boolean;
}): Promise<FirstStart | undefined> {
  const { directory } = storage;
  const isNeeded = async (): Promise<boolean> => (await directory.getSetting(FIRST_START)) === undefined;
  return await storage.exclusively('first-start', now, isNeeded, async () => {
    const made = quickstart
      ? await makeQuickstart(tenant, administrators, integrations, password)
      : undefined;
    if (made === undefined) await administrators.createGroup(tenant);
    await directory.putSetting(FIRST_START, timestamp(now()));
    return made;
  });
}

async function makeQuickstart(
  tenant: Tenant,
  administrators: Administrators,
  integrations: Integrations,
  chosen: string | undefined,
): Promise<FirstStart> {
  const password = chosen ?? makePassword();
  await administrators.create(tenant, password);
  const { integration, secret } = await integrations.create(tenant, {
    ...DEFAULT_INTEGRATION,
    name: QUICKSTART,
  });
  return {
    userName: ADMINISTRATOR,
    password: chosen === undefined ? password : undefined,
    integration: integration.name,
    secret,
  };
}
