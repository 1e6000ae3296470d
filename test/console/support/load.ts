import { openInstallation } from '../../../src/cli/installation.ts';
import { loadConfig } from '../../../src/config.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { USER_TYPE } from '../../../src/core/registry.ts';
import { SYSTEM_ACTOR } from '../../../src/service/actor.ts';
import { loadResources } from '../../../src/service/load.ts';
import type { Roster } from '../../cli/roster.ts';
import { strictContext } from '../../support/server.ts';

/** Fills the super tenant of a server that does not run yet with the users `person000001`, `person000002` and so on. */
export async function loadUsers({ dataDir }: Roster, count: number): Promise<void> {
  const config = loadConfig({ ROSTER_DATA_DIR: dataDir });
  const { services, storage, superTenant } = await openInstallation(config, Date.now, SYSTEM_ACTOR);
  await loadResources(services, strictContext({ superTenant }), USER_TYPE, people(count), () => {});
  await storage.close();
}

function* people(count: number): Generator<JsonObject> {
  for (let number = 1; number <= count; number += 1) {
    const digits = String(number).padStart(6, '0');
    yield {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: `person${digits}`,
      name: { givenName: `Given${number % 100}`, familyName: `Family${number % 1000}` },
      emails: [{ value: `person${digits}@example.com`, type: 'work', primary: true }],
      title: number % 10 === 0 ? 'Engineer' : 'Planner',
      active: number % 50 !== 0,
    };
  }
}
