/** The loading process: fills the empty database of a Roster that does not run, and reports how long that took. */

import { writeFileSync } from 'node:fs';
import { openInstallation, scimUrlOf } from '../src/cli/installation.ts';
import { loadConfig } from '../src/config.ts';
import { ANSWER_FORM_2 } from '../src/core/answer-form.ts';
import { BUILT_IN, USER_TYPE } from '../src/core/registry.ts';
import { toleranceOf } from '../src/core/tolerance.ts';
import { SYSTEM_ACTOR } from '../src/service/actor.ts';
import type { RequestContext } from '../src/service/context.ts';
import { loadResources } from '../src/service/load.ts';
import { makeUsers } from './user-data.ts';

export type LoadReport = {
  /** From the first user to the commit of the last one. */
  seconds: number;
  loaded: number;
};

const [users = '', idsFile = ''] = process.argv.slice(2);
const config = loadConfig(process.env);
const { services, storage, superTenant } = await openInstallation(config, Date.now, SYSTEM_ACTOR);
const context: RequestContext = {
  tenantId: superTenant.id,
  subject: 'bench',
  actor: SYSTEM_ACTOR,
  changes: [],
  isOwn: false,
  settings: { dialect: 'standard', requirePrimaryEmail: false, scopes: ['read', 'write'] },
  tolerance: toleranceOf('standard'),
  precondition: undefined,
  registry: BUILT_IN,
  form: ANSWER_FORM_2,
  baseUrl: scimUrlOf(config),
};
const ids: string[] = [];
const started = performance.now();
const loaded = await loadResources(services, context, USER_TYPE, makeUsers(0, Number(users)), (batch) =>
  ids.push(...batch),
);
const seconds = (performance.now() - started) / 1000;
await storage.close();
writeFileSync(idsFile, ids.map((id) => `${id}\n`).join(''));
process.send?.({ seconds, loaded } satisfies LoadReport);
