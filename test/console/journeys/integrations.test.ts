import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { OWNER, setUpOwner } from '../support/operator.ts';
import { basic, bearer, createUser, sendScim } from '../support/scim.ts';
import { signIn } from '../support/sign-in.ts';
import type { Visit } from '../support/visit.ts';

const INTEGRATIONS = 't/carbon.super/integrations';

/** A value that a dialog shows to be copied. */
const shown = (page: Page, label: string): Promise<string> =>
  page
    .getByRole('dialog')
    .locator('code')
    .and(page.getByLabel(label, { exact: true }))
    .innerText();

const secretDialog = (page: Page): Locator => page.getByRole('dialog').filter({ hasText: 'Shown only once' });

/** Goes through "Create SCIM integration" up to the dialog that shows the secret. */
async function create({ page }: Visit, name: string, authorizationType: string): Promise<void> {
  await page.getByRole('button', { name: 'Create SCIM integration' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Create SCIM integration' });
  await dialog.getByLabel('Integration name').fill(name);
  await dialog.getByRole('radio', { name: authorizationType }).check();
  await dialog.getByRole('button', { name: 'Generate credentials' }).click();
}

describe('an integration', () => {
  const roster = useConsole();
  beforeAll(() => setUpOwner(roster));

  const statusWith = async (authorization: string): Promise<number> =>
    (await sendScim(authorization, 'GET', `${roster.start.baseUrl}/Users?count=1`)).status;

  it('with a bearer token is created, and its token works', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, INTEGRATIONS);
    await page.getByRole('heading', { level: 1, name: 'Integrations' }).waitFor();
    await visit.checkAccessibility();
    await page.getByRole('button', { name: 'Create SCIM integration' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Create SCIM integration' });
    await dialog.getByRole('button', { name: 'Generate credentials' }).click();
    await dialog.getByText('Give it a name, such as Entra ID.').waitFor();
    expect(await dialog.getByLabel('Integration name').getAttribute('aria-invalid')).toBe('true');
    await visit.checkAccessibility();
    await dialog.getByLabel('Integration name').fill('Entra ID');
    await visit.screenshot('integration-create');
    await dialog.getByRole('button', { name: 'Generate credentials' }).click();

    await secretDialog(page).waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('integration-secret');
    const baseUrl = await shown(page, 'SCIM base URL');
    const token = await shown(page, 'Token');
    const userId = await createUser(bearer(token), baseUrl, 'bjensen@example.com');
    expect(await sendScim(bearer(token), 'GET', `${baseUrl}/Users/${userId}`)).toMatchObject({
      status: 200,
      json: { userName: 'bjensen@example.com' },
    });

    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('heading', { level: 1, name: 'Entra ID' }).waitFor();
    await page.getByText('Tenant URL').first().waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('integration-connect', { fullPage: true });
    expect(await page.content()).not.toContain(token);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Entra ID' }).waitFor();
    expect(await page.content()).not.toContain(token);
  });

  it('with basic authentication is created, and its password works', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, INTEGRATIONS);
    await create(visit, 'SAP', 'Basic authentication');
    await secretDialog(page).waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('integration-secret-basic');
    const [baseUrl, username, password] = [
      await shown(page, 'SCIM base URL'),
      await shown(page, 'Username'),
      await shown(page, 'Password'),
    ];
    await createUser(basic(username, password), baseUrl, 'ann@example.com');
    expect(await statusWith(basic(username, `${password}x`))).toBe(401);

    // leaving without having copied is asked about
    await page.keyboard.press('Escape');
    await page.getByRole('alert').getByText('Have you copied it?').waitFor();
    await visit.checkAccessibility();
    await page.getByRole('button', { name: 'Go back' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('heading', { level: 1, name: 'SAP' }).waitFor();
  });

  it('has its credential replaced with an overlap, and the old one revoked', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, INTEGRATIONS);
    await create(visit, 'Okta', 'Bearer token');
    const oldToken = await shown(page, 'Token');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('tab', { name: 'Credentials' }).click();
    const table = page.getByRole('table', { name: 'Credentials' });
    const rowOf = (token: string): Locator => table.getByRole('row').filter({ hasText: token.slice(-4) });
    const actionsOf = (token: string): Locator =>
      page.getByRole('button', { name: `Actions for …${token.slice(-4)}` });
    await rowOf(oldToken).getByText('Live').waitFor();
    await visit.checkAccessibility();

    await actionsOf(oldToken).click();
    await page.getByRole('menuitem', { name: 'Replace' }).click();
    await page.getByRole('radio', { name: 'For 7 more days' }).waitFor();
    await visit.checkAccessibility();
    await page.getByRole('dialog').getByRole('button', { name: 'Generate credentials' }).click();
    await secretDialog(page).waitFor();
    const newToken = await shown(page, 'Token');
    await page.getByRole('button', { name: 'Done' }).click();
    expect(await Promise.all([oldToken, newToken].map((each) => statusWith(bearer(each))))).toEqual([
      200, 200,
    ]);
    await rowOf(newToken).getByText('Live').waitFor();
    await rowOf(oldToken).getByText('Ends soon').waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('credentials');

    await actionsOf(oldToken).click();
    await page.getByRole('menuitem', { name: 'Revoke' }).click();
    await page
      .getByRole('dialog')
      .getByText(`Still live: …${newToken.slice(-4)}`)
      .waitFor();
    await visit.checkAccessibility();
    await page.getByRole('button', { name: 'Revoke now' }).click();
    await rowOf(oldToken).getByText('Ended').waitFor();
    expect(await Promise.all([oldToken, newToken].map((each) => statusWith(bearer(each))))).toEqual([
      401, 200,
    ]);
  });

  it('is not made before somebody who signed in long ago has said again who it is', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, INTEGRATIONS);
    ageSessions(roster.roster.dataDir);
    visit.allow(/^403 POST \/api\/v1\/tenants\/carbon\.super\/integrations$/);
    await create(visit, 'Late', 'Bearer token');
    const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
    const password = dialog.getByRole('textbox', { name: 'Password' });
    await password.fill('not the password at all');
    visit.allow(/^40\d POST \/api\/v1\/session\/authenticate$/);
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await dialog.getByText(/wrong|not right|incorrect/i).waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('reauthentication');
    await password.fill(OWNER.password);
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await secretDialog(page).waitFor();
  });

  it('is renamed, made strict, and deleted, after which its token gets 401', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, INTEGRATIONS);
    await create(visit, 'Temporary', 'Bearer token');
    const token = await shown(page, 'Token');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('tab', { name: 'Settings' }).click();
    const name = page.getByLabel('Integration name');
    await name.fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Give it a name, such as Entra ID.').waitFor();
    await visit.checkAccessibility();
    await name.fill('For a while');
    await page.getByLabel('Dialect').selectOption('strict');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: 'For a while' }).waitFor();
    await visit.screenshot('integration-settings', { fullPage: true });

    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete integration' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete For a while?' });
    await dialog.getByRole('button', { name: 'Delete integration' }).click();
    await dialog.getByText('Type For a while as it stands there.').waitFor();
    await visit.checkAccessibility();
    await dialog.getByRole('textbox').fill('For a while');
    await dialog.getByRole('button', { name: 'Delete integration' }).click();
    await page.getByRole('heading', { level: 1, name: 'Integrations' }).waitFor();
    expect(await statusWith(bearer(token))).toBe(401);
  });
});

/** Lets all sessions look as if their operators had last said an hour ago who they are. */
function ageSessions(dataDir: string): void {
  const database = new Database(join(dataDir, 'roster.db'));
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  database.prepare('UPDATE operator_session SET authenticated = ?').run(hourAgo);
  database.close();
}
