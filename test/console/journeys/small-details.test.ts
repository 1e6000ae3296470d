import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { type Operator, OWNER, setUpOwner } from '../support/operator.ts';
import { bearer, createUser } from '../support/scim.ts';
import { signIn } from '../support/sign-in.ts';

const TENANT = 't/carbon.super';
const SCHEMA = 'urn:acme:params:scim:schemas:extension:badge:2.0:User';

describe('what lies behind the lists', () => {
  const roster = useConsole();
  let owner: Operator;
  /** Paths by the names of their pictures. */
  let pages: Readonly<Record<string, string>>;
  beforeAll(async () => {
    owner = await setUpOwner(roster);
    const api = '/tenants/carbon.super';
    const user = await createUser(
      bearer(roster.start.firstStart.token),
      roster.start.baseUrl,
      'a-person-whose-name-is-longer-than-a-telephone-is-wide@subsidiary.example.com',
    );
    const group = await owner.call('POST', `${api}/resources/Group`, {
      displayName: 'Planners',
      members: [{ value: user }],
    });
    const { integration } = await owner.call('POST', `${api}/integrations`, { name: 'Okta', auth: 'basic' });
    const definition = { id: SCHEMA, name: 'Badge', attributes: [{ name: 'badgeNumber', type: 'string' }] };
    await owner.call('POST', `${api}/schemas`, { definition, extends: { type: 'User', required: false } });
    const list = (kind: string): string => `${TENANT}/${kind}?create=true`;
    const okta = `${TENANT}/integrations/${integration.id}?tab=`;
    pages = {
      overview: 'overview',
      schemas: `${TENANT}/schemas`,
      'add-schema': `${TENANT}/schemas/new`,
      schema: `${TENANT}/schemas/${SCHEMA}`,
      'edit-schema': `${TENANT}/schemas/${SCHEMA}?edit=true`,
      user: `${TENANT}/users/${user}`,
      group: `${TENANT}/groups/${group.id}`,
      connect: `${okta}connect`,
      credentials: `${okta}credentials`,
      settings: `${okta}settings`,
      'create-integration': list('integrations'),
      'create-user': list('users'),
      'create-group': list('groups'),
      'add-resource-type': `${TENANT}/schemas?create=type`,
      'add-tenant': 'tenants?create=true',
      'invite-operator': 'operators?create=true',
    };
  });

  it('fits 360 pixels in dark colours', async () => {
    const visit = await roster.visit({ width: 360, height: 740, colorScheme: 'dark' });
    const { page } = visit;
    await signIn(visit, OWNER);
    for (const [name, path] of Object.entries(pages)) {
      await visit.open(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      if (path.includes('create=')) await page.getByRole('dialog').getByRole('textbox').first().waitFor();
      await page.getByRole('status').filter({ hasText: 'Loading' }).first().waitFor({ state: 'detached' });
      expect(await page.getByText('There is nothing at this address').count(), path).toBe(0);
      await visit.checkWidth();
      await visit.checkAccessibility();
      await visit.screenshot(`details-360/${name}`);
    }
  });
});
