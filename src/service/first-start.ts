import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Directory, Tenant } from '../storage/storage.ts';
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

/** Which process makes the first start now. */
const CLAIM = 'first-start-claim';

/** A claim that stays unchanged for so long is that of a process that was killed. */
const CLAIM_MS = 5000;
const POLL_MS = 50;
const QUICKSTART = 'quickstart';

type FirstStartDirectory = Pick<Directory, 'getSetting' | 'putSetting' | 'replaceSetting'>;

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
  readonly storage: { readonly directory: FirstStartDirectory };
  readonly now: Clock;
  readonly tenant: Tenant;
  readonly administrators: Administrators;
  readonly integrations: Integrations;
  readonly password: string | undefined;
  readonly quickstart: boolean;
}): Promise<FirstStart | undefined> {
  const { directory } = storage;
  const claim = await claimFirstStart(directory);
  if (claim === undefined) return undefined;
  try {
    const made = quickstart
      ? await makeQuickstart(tenant, administrators, integrations, password)
      : undefined;
    if (made === undefined) await administrators.createGroup(tenant);
    await directory.putSetting(FIRST_START, timestamp(now()));
    return made;
  } finally {
    await directory.replaceSetting(CLAIM, claim, undefined);
  }
}

/** @returns the claim of this process; undefined when the first start is made */
async function claimFirstStart(directory: FirstStartDirectory): Promise<string | undefined> {
  const claim = randomUUID();
  let seen: string | undefined;
  let seenSince = performance.now();
  for (;;) {
    if ((await directory.getSetting(FIRST_START)) !== undefined) return undefined;
    const known = await directory.getSetting(CLAIM);
    if (known !== seen) seenSince = performance.now();
    seen = known;
    const isFree = known === undefined || performance.now() - seenSince > CLAIM_MS;
    if (isFree && (await directory.replaceSetting(CLAIM, known, claim))) {
      // another process may have finished between the two looks
      if ((await directory.getSetting(FIRST_START)) === undefined) return claim;
      await directory.replaceSetting(CLAIM, claim, undefined);
    } else await sleep(POLL_MS);
  }
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
