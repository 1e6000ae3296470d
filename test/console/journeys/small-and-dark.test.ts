import { beforeAll, describe, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { OWNER, setUpOwner } from '../support/operator.ts';
import { bearer, createUser } from '../support/scim.ts';
import { signIn } from '../support/sign-in.ts';

const TENANT = 't/carbon.super';

const PAGES: readonly (readonly [path: string, heading: RegExp])[] = [
  ['', /./],
  [TENANT, /./],
  [`${TENANT}/integrations`, /^Integrations$/],
  [`${TENANT}/users`, /^Users$/],
  [`${TENANT}/groups`, /^Groups$/],
  [`${TENANT}/user-stores`, /^User stores$/],
  [`${TENANT}/requests`, /^Requests$/],
  [`${TENANT}/audit`, /^Audit$/],
  ['tenants', /^Tenants$/],
  ['operators', /^Operators$/],
  ['requests', /^Unattributed requests$/],
  ['audit', /^Server audit$/],
  ['server', /./],
  ['account', /^Your account$/],
];

describe('every page', () => {
  const roster = useConsole();
  beforeAll(async () => {
    await setUpOwner(roster);
    await createUser(bearer(roster.start.firstStart.token), roster.start.baseUrl, 'ann@example.com');
  });

  it.each([
    ['fits 360 pixels in dark colours', 360, 740, 'dark'],
    ['is well in light colours', 1280, 800, 'light'],
  ] as const)('%s', async (_, width, height, colorScheme) => {
    const visit = await roster.visit({ width, height, colorScheme });
    await signIn(visit, OWNER);
    for (const [path, heading] of PAGES) {
      await visit.open(path);
      await visit.page.getByRole('heading', { level: 1, name: heading }).waitFor();
      await visit.page
        .getByRole('status')
        .filter({ hasText: 'Loading' })
        .first()
        .waitFor({ state: 'detached' });
      await visit.checkWidth();
      await visit.checkAccessibility();
      await visit.screenshot(`${colorScheme}-${width}/${path.replaceAll('/', '-') || 'start'}`);
    }
  });
});
