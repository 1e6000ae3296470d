import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { type Operator, OWNER, setUpOwner } from '../support/operator.ts';
import { bearer, sendScim } from '../support/scim.ts';
import { signIn } from '../support/sign-in.ts';

describe('tenants', () => {
  const roster = useConsole();
  let owner: Operator;
  beforeAll(async () => {
    owner = await setUpOwner(roster);
  });

  it('are added with their administrators, switched off at once and on again, and deleted', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 'tenants');
    await page.getByRole('table', { name: 'Tenants' }).waitFor();
    await page.getByRole('button', { name: 'Add tenant' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add tenant' });
    const add = dialog.getByRole('button', { name: 'Add tenant' });
    await dialog.getByRole('textbox', { name: /^Domain/ }).fill('not a domain');
    await dialog.getByRole('checkbox', { name: 'Invite an operator' }).check();
    await dialog.getByRole('checkbox', { name: 'Create the user admin' }).check();
    await add.click();
    await dialog.getByText('Give a domain, such as acme.com.').waitFor();
    await dialog.getByText('Give an e-mail address, such as jo@example.com.').waitFor();
    await dialog.getByText('Give the name of the person.').waitFor();
    await dialog.getByText('A password has at least 5 characters.').waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('tenant-add-refused');

    // only the server knows which domains are taken
    visit.allow(/^409 POST \/api\/v1\/tenants$/);
    await dialog.getByRole('textbox', { name: /^E-mail address/ }).fill('tara@acme.com');
    await dialog.getByRole('textbox', { name: /^Name of the person/ }).fill('Tara Tenant');
    await dialog.getByRole('textbox', { name: /^Password of the user admin/ }).fill('guide otter 17');
    await dialog.getByRole('textbox', { name: /^Domain/ }).fill('carbon.super');
    await add.click();
    await expect
      .poll(() => dialog.getByRole('textbox', { name: /^Domain/ }).getAttribute('aria-invalid'), {
        timeout: 20_000,
      })
      .toBe('true');
    await dialog.getByRole('textbox', { name: /^Domain/ }).fill('acme.com');
    await add.click();
    const link = await dialog.locator('code').filter({ hasText: '/console/link#' }).innerText();
    await visit.checkAccessibility();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('link', { name: 'acme.com' }).waitFor();
    await visit.screenshot('tenants');

    // the person who was invited sees this tenant alone
    const tara = await roster.visit();
    tara.allow(/^401 GET \/api\/v1\/session$/);
    await tara.page.goto(link);
    await tara.page.getByLabel('New password', { exact: true }).fill('green umbrella 9 canyon');
    await tara.page.getByLabel('New password again').fill('green umbrella 9 canyon');
    await tara.checkAccessibility();
    await tara.screenshot('invitation');
    await tara.page.getByRole('button', { name: 'Set password and sign in' }).click();
    await tara.page.waitForURL('**/console/t/acme.com');
    await tara.page.getByRole('heading', { level: 1 }).waitFor();
    tara.allow(/^404 GET \/api\/v1\/tenants\/carbon\.super/);
    await tara.open('t/carbon.super/users');
    await tara.page.getByText('There is nothing at this address').waitFor();

    const { secret } = await owner.call('POST', '/tenants/acme.com/integrations', {
      name: 'Okta',
      auth: 'bearer',
    });
    const status = async (): Promise<number> =>
      (await sendScim(bearer(secret.token), 'GET', `${roster.start.baseUrl}/Users`)).status;
    expect(await status()).toBe(200);
    const choose = async (action: string): Promise<void> => {
      await page.getByRole('button', { name: 'Actions for acme.com' }).click();
      await page.getByRole('menuitem', { name: action }).click();
    };
    await choose('Deactivate');
    await visit.checkAccessibility();
    await page.getByRole('button', { name: 'Deactivate tenant' }).click();
    await page.getByText('Not active', { exact: true }).waitFor();
    expect(await status()).toBe(401);
    await choose('Activate');
    await page.getByRole('button', { name: 'Activate tenant' }).click();
    await page.getByText('Active', { exact: true }).waitFor();
    expect(await status()).toBe(200);

    await choose('Delete');
    const question = page.getByRole('dialog', { name: 'Delete acme.com?' });
    await question.getByText('1 integration, whose credentials stop working at once').waitFor();
    await question.getByText('1 operator, who can’t sign in any more').waitFor();
    await question.getByRole('textbox').fill('acme.com');
    await visit.checkAccessibility();
    await visit.screenshot('tenant-delete');
    await question.getByRole('button', { name: 'Delete tenant' }).click();
    await page.getByRole('link', { name: 'acme.com' }).waitFor({ state: 'detached' });
    expect(await status()).toBe(401);
  });

  it('have user stores, which are added, and deleted while they are empty', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 't/carbon.super/user-stores');
    await page.getByRole('table', { name: 'User stores' }).getByText('PRIMARY').waitFor();
    await page.getByRole('button', { name: 'Add user store' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add user store' });
    const add = dialog.getByRole('button', { name: 'Add user store' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('a/b');
    await add.click();
    await dialog.getByText(/^Use 1 to 64 letters/).waitFor();
    await visit.checkAccessibility();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('amrsnghe');
    await add.click();
    await page.getByRole('cell', { name: 'AMRSNGHE', exact: true }).waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('user-stores');
    await page.getByRole('button', { name: 'Delete AMRSNGHE' }).click();
    await page.getByRole('button', { name: 'Delete user store' }).click();
    await page.getByRole('cell', { name: 'AMRSNGHE', exact: true }).waitFor({ state: 'detached' });
  });
});
