import type { Locator } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { OWNER, setUpOwner } from '../support/operator.ts';
import { basic, bearer, createUser, sendScim } from '../support/scim.ts';
import { signIn } from '../support/sign-in.ts';

const USERS = 't/carbon.super/users';

/** Text that a page which takes it for HTML would carry out. */
const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>';

const isInvalid = (field: Locator): Promise<string | null> => field.getAttribute('aria-invalid');

describe('users', () => {
  const roster = useConsole();
  beforeAll(() => setUpOwner(roster));

  it('are created, changed, switched off and on, given a password, looked into and deleted', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, USERS);
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
    await page.getByRole('table', { name: 'Users' }).waitFor();
    await visit.checkAccessibility();
    await page.getByRole('button', { name: 'Create user' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create user' });
    const userName = dialog.getByRole('textbox', { name: /^User name/ });
    const create = dialog.getByRole('button', { name: 'Create user' });
    await create.click();
    await dialog.getByText('Give a value: the schema requires one.').waitFor();
    expect(await isInvalid(userName)).toBe('true');
    await visit.checkAccessibility();
    await visit.screenshot('user-create-refused');

    // only the server knows that the name is taken
    visit.allow(/^409 POST \/api\/v1\/tenants\/carbon\.super\/resources\/User$/);
    await userName.fill('admin');
    await create.click();
    await expect.poll(() => isInvalid(userName), { timeout: 20_000 }).toBe('true');
    await userName.fill('babs@example.com');
    await dialog.getByRole('textbox', { name: 'Given name' }).fill('Barbara');
    await dialog.getByRole('button', { name: 'Add to Emails' }).click();
    await dialog.getByRole('textbox', { name: 'Value' }).fill('babs@example.com');
    await dialog.getByRole('checkbox', { name: 'Primary' }).check();
    await visit.screenshot('user-create');
    await create.click();
    await page.getByRole('heading', { level: 1, name: 'babs@example.com' }).waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('user', { fullPage: true });
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';

    await page.getByRole('textbox', { name: 'Display name' }).fill('Babs Jensen');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    const token = bearer(roster.start.firstStart.token);
    const url = `${roster.start.baseUrl}/Users/${id}`;
    expect(await sendScim(token, 'GET', url)).toMatchObject({
      json: { displayName: 'Babs Jensen', name: { givenName: 'Barbara' }, active: true },
    });

    await page.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByText('Not active', { exact: true }).waitFor();
    expect(await sendScim(token, 'GET', url)).toMatchObject({ json: { active: false } });
    await page.getByRole('button', { name: 'Activate', exact: true }).click();
    await page.getByRole('button', { name: 'Deactivate' }).waitFor();

    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Reset password' }).click();
    const reset = page.getByRole('dialog', { name: /^Reset the password/ });
    await reset.getByRole('radio', { name: 'Type one' }).check();
    await reset.getByRole('textbox', { name: 'Password' }).fill('abc');
    await reset.getByRole('button', { name: 'Reset password' }).click();
    await reset.getByText('A password has at least 5 characters.').waitFor();
    await visit.checkAccessibility();
    await reset.getByRole('radio', { name: 'Generate one' }).check();
    await reset.getByRole('button', { name: 'Reset password' }).click();
    const password = await reset.locator('code').innerText();
    const me = await sendScim(basic('babs@example.com', password), 'GET', `${roster.start.baseUrl}/Me`);
    expect(me).toMatchObject({ status: 200, json: { id } });
    await reset.getByRole('button', { name: 'Done' }).click();

    await page.getByRole('tab', { name: 'JSON' }).click();
    await page
      .getByRole('region', { name: 'SCIM 2.0 JSON' })
      .getByText('urn:ietf:params:scim:schemas:core:2.0:User')
      .waitFor();
    await visit.checkAccessibility();
    await page.getByText('SCIM 1.1', { exact: true }).click();
    await page
      .getByRole('region', { name: 'SCIM 1.1 JSON' })
      .getByText('urn:scim:schemas:core:1.0')
      .waitFor();
    await visit.screenshot('user-json');

    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('table', { name: 'Changes' }).getByText(OWNER.email).first().waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('user-history');

    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const question = page.getByRole('dialog', { name: 'Delete babs@example.com?' });
    await question.getByText('can’t be undone').waitFor();
    await visit.checkAccessibility();
    await question.getByRole('button', { name: 'Delete user' }).click();
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
    expect((await sendScim(token, 'GET', url)).status).toBe(404);
  });

  it('have names that are shown as they are, whatever is in them', async () => {
    const token = bearer(roster.start.firstStart.token);
    const id = await createUser(token, roster.start.baseUrl, 'marked@example.com', {
      displayName: MARKUP,
      title: MARKUP,
      nickName: `{{7*7}}${MARKUP}`,
    });
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, USERS);
    await page.getByRole('table', { name: 'Users' }).getByText(MARKUP).waitFor();
    await visit.screenshot('markup');
    await visit.open(`${USERS}/${id}`);
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Display name' }).inputValue(), { timeout: 20_000 })
      .toBe(MARKUP);
    await page.getByRole('tab', { name: 'JSON' }).click();
    await page.getByRole('region', { name: 'SCIM 2.0 JSON' }).getByText('<img src=x').waitFor();
    expect(await page.title()).toMatch(/Roster/);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  });

  it('of whom no provider has said that they are active are so, and can be switched off', async () => {
    const token = bearer(roster.start.firstStart.token);
    const id = await createUser(token, roster.start.baseUrl, 'quiet@example.com');
    const url = `${roster.start.baseUrl}/Users/${id}`;
    expect((await sendScim(token, 'GET', url)).json).not.toHaveProperty('active');
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, `${USERS}/${id}`);
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByText('Not active', { exact: true }).waitFor();
    expect(await sendScim(token, 'GET', url)).toMatchObject({ json: { active: false } });
  });
});
