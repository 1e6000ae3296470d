import type { APIRequestContext, Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { type Account, acceptInvitation, type Operator, OWNER, setUpOwner } from '../support/operator.ts';
import { bearer, createUser } from '../support/scim.ts';
import { signIn } from '../support/sign-in.ts';
import type { Visit } from '../support/visit.ts';

const TESS: Account = {
  email: 'tess@acme.com',
  name: 'Tess Tenant',
  password: 'orange window 71 lantern',
};
const SECOND_PASSWORD = 'silver meadow 38 compass';
const AUDITOR: Account = { email: 'ada@acme.com', name: 'Ada Auditor', password: 'copper violin 12 garden' };

/** Opens a one-time link in a browser of its own, and sets a password with it. */
async function setPassword(visit: Visit, link: string, password: string): Promise<void> {
  const { page } = visit;
  visit.allow(/^401 GET \/api\/v1\/session$/);
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('New password again').fill(password);
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Set your password' }).waitFor();
}

const signInButton = (page: Page): Locator => page.getByRole('button', { name: 'Sign in', exact: true });

/** Answers of the API to the person in this browser, with the header that the console sends. */
const send = async (api: APIRequestContext, method: string, path: string, data: unknown): Promise<number> => {
  const headers = {
    'x-roster-request': '1',
    ...(data !== undefined && { 'content-type': 'application/json' }),
  };
  const answer = await api.fetch(`/api/v1${path}`, { method, headers, ...(data !== undefined && { data }) });
  return answer.status();
};

describe('the operators of a tenant', () => {
  const roster = useConsole();
  let owner: Operator;
  beforeAll(async () => {
    owner = await setUpOwner(roster);
    await owner.call('POST', '/tenants', { domain: 'acme.com' });
  });

  it('come by a link, lose their sessions with their role, are switched off, reset and deleted', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 'operators');
    await page.getByRole('button', { name: 'Invite operator' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite operator' });
    await dialog.getByRole('textbox', { name: /^E-mail address/ }).fill(TESS.email);
    await dialog.getByRole('textbox', { name: /^Name/ }).fill(TESS.name);
    await dialog.getByRole('radio', { name: 'Tenant administrator' }).check();
    await dialog.getByRole('combobox', { name: /^Tenant/ }).click();
    await page.getByRole('option', { name: 'acme.com' }).click();
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    const invitation = await dialog.locator('code').innerText();
    await visit.screenshot('operator-link');
    await dialog.getByRole('button', { name: 'Done' }).click();
    const row = page
      .getByRole('table', { name: 'Operators' })
      .getByRole('row')
      .filter({ hasText: TESS.email });
    await row.getByText('Invited').waitFor();

    const tess = await roster.visit();
    await setPassword(tess, invitation, TESS.password);
    await tess.page.waitForURL('**/console/t/acme.com');
    await tess.open('t/acme.com/users');
    // an empty list offers it a second time
    await tess.page.getByRole('button', { name: 'Create user' }).first().waitFor();
    const late = await roster.visit();
    late.allow(/^410 POST \/api\/v1\/links\/show$/);
    late.allow(/^401 GET \/api\/v1\/session$/);
    await late.page.goto(invitation);
    await late.page.getByText('This link can’t be used').waitFor();

    await page.reload();
    await row.getByText('Active').waitFor();
    await row.getByRole('button', { name: TESS.name }).click();
    const drawer = page.getByRole('dialog', { name: TESS.name });
    await drawer.getByRole('radio', { name: 'Auditor' }).check();
    await visit.checkAccessibility();
    await visit.screenshot('operator-details');
    await drawer.getByRole('button', { name: 'Change role' }).click();
    await row.getByRole('cell', { name: 'Auditor' }).waitFor();
    tess.allow(/^401 /);
    await tess.open('t/acme.com/users');
    await signInButton(tess.page).waitFor();
    await signIn(tess, TESS, 't/acme.com/users');
    await tess.page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
    expect(await tess.page.getByRole('button', { name: 'Create user' }).count()).toBe(0);

    await drawer.getByRole('button', { name: 'Deactivate' }).click();
    const deactivate = page.getByRole('dialog', { name: `Deactivate ${TESS.name}?` });
    await visit.checkAccessibility();
    await deactivate.getByRole('button', { name: 'Deactivate' }).click();
    await row.getByText('Deactivated').waitFor();
    await tess.open('t/acme.com/users');
    await tess.page.getByLabel('E-mail address').fill(TESS.email);
    await tess.page.getByLabel('Password', { exact: true }).fill(TESS.password);
    await signInButton(tess.page).click();
    await tess.page.getByRole('alert').waitFor();
    await drawer.getByRole('button', { name: 'Activate', exact: true }).click();
    await page
      .getByRole('dialog', { name: `Activate ${TESS.name}?` })
      .getByRole('button', { name: 'Activate' })
      .click();
    await row.getByText('Active', { exact: true }).waitFor();

    await drawer.getByRole('button', { name: 'Reset password' }).click();
    await page
      .getByRole('dialog', { name: `Reset ${TESS.name}?` })
      .getByRole('button', { name: 'Reset', exact: true })
      .click();
    const given = page.getByRole('dialog', { name: 'Link to set a new password' });
    const reset = await given.locator('code').innerText();
    await visit.checkAccessibility();
    await visit.screenshot('operator-reset');
    await given.getByRole('button', { name: 'Done' }).click();
    const again = await roster.visit();
    await setPassword(again, reset, SECOND_PASSWORD);
    await again.page.getByRole('button', { name: `Account of ${TESS.name}` }).waitFor();

    await drawer.getByRole('button', { name: 'Delete' }).click();
    await page
      .getByRole('dialog', { name: `Delete ${TESS.name}?` })
      .getByRole('button', { name: 'Delete operator' })
      .click();
    await row.waitFor({ state: 'detached' });
    again.allow(/^401 /);
    await again.page.reload();
    await signInButton(again.page).waitFor();
  });

  it('who audit see one tenant on all its pages, and can change nothing', async () => {
    const tenant = '/tenants/acme.com';
    const { integration, secret } = await owner.call('POST', `${tenant}/integrations`, {
      name: 'Okta',
      auth: 'bearer',
    });
    const user = await createUser(bearer(secret.token), roster.start.baseUrl, 'ann@acme.com');
    const group = await owner.call('POST', `${tenant}/resources/Group`, { displayName: 'Planners' });
    const schema = 'urn:acme:params:scim:schemas:extension:badge:2.0:User';
    const definition = { id: schema, name: 'Badge', attributes: [{ name: 'badge', type: 'string' }] };
    await owner.call('POST', `${tenant}/schemas`, { definition, extends: { type: 'User', required: false } });
    const { email, name } = AUDITOR;
    const { link } = await owner.call('POST', '/operators', {
      ...{ email, name, role: 'auditor', tenant: 'acme.com' },
    });
    await acceptInvitation(roster, link.url, AUDITOR.password);

    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, AUDITOR);
    const links = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
    await links.filter({ hasText: 'Schemas' }).waitFor();
    const entries = await links.evaluateAll((all) =>
      all.map((each) => (each as unknown as { pathname: string }).pathname.replace('/console/', '')),
    );
    // those of one tenant alone
    expect(entries.filter((path) => !/^t\/acme\.com(\/|$)/.test(path))).toEqual([]);
    expect(entries.length).toBeGreaterThanOrEqual(8);
    const details = [
      ...[`users/${user}`, `groups/${group.id}`, `integrations/${integration.id}`],
      ...[`schemas/${schema}`, `schemas/${schema}?edit=true`, 'users?create=true', 'groups?create=true'],
      ...['integrations?create=true', 'schemas?create=type'],
    ].map((path) => `t/acme.com/${path}`);
    const offers: string[] = [];
    for (const path of [...entries, ...details]) {
      await visit.open(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('status').filter({ hasText: 'Loading' }).first().waitFor({ state: 'detached' });
      offers.push(...(await changingControls(page)).map((control) => `${path}: ${control}`));
      const tabs = page.getByRole('main').getByRole('tab');
      for (let index = 0; index < (await tabs.count()); index += 1) {
        await tabs.nth(index).click();
        offers.push(...(await changingControls(page)).map((control) => `${path}: ${control}`));
      }
    }
    await visit.screenshot('auditor-schema');
    expect(offers).toEqual([]);

    const api = page.context().request;
    const changes: readonly (readonly [method: string, path: string, body?: unknown])[] = [
      ['POST', `${tenant}/integrations`, { name: 'Mine', auth: 'bearer' }],
      ['PATCH', `${tenant}/integrations/${integration.id}`, { name: 'Mine' }],
      ['DELETE', `${tenant}/integrations/${integration.id}`],
      ['POST', `${tenant}/resources/User`, { userName: 'mine' }],
      ['DELETE', `${tenant}/resources/User/${user}`],
      ['DELETE', `${tenant}/resources/Group/${group.id}`],
      ['DELETE', `${tenant}/schemas/${encodeURIComponent(schema)}`],
      ['POST', `${tenant}/user-stores`, { name: 'MINE' }],
      ['POST', '/tenants', { domain: 'mine.com' }],
      ['POST', '/operators', { email: 'me@acme.com', name: 'Me', role: 'owner' }],
      ['GET', '/tenants/carbon.super/resources/User'],
      ['GET', '/requests'],
      ['GET', '/audit'],
    ];
    for (const [method, path, body] of changes)
      expect(await send(api, method, path, body), `${method} ${path}`).toBeOneOf([403, 404]);
    expect((await owner.call('GET', `${tenant}/resources/User/${user}`)).id).toBe(user);
  });
});

/** What can be pressed on a page and is known for changing something, or sends a form. */
async function changingControls(page: Page): Promise<readonly string[]> {
  const main = page.getByRole('main').or(page.getByRole('dialog'));
  const named = main.getByRole('button', {
    name: /^(create|add|delete|remove|revoke|replace|save|activate|deactivate|invite|reset|edit|extend|rename|generate|end|import|more actions|actions for)\b/i,
  });
  const links = main.getByRole('link', { name: /^(create|add|edit)\b/i });
  const sending = main.locator('button[type=submit]');
  return await named.or(links).or(sending).allInnerTexts();
}
