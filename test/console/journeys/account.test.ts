import { URI } from 'otpauth';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { type Account, OWNER, setUpOwner } from '../support/operator.ts';
import { signIn } from '../support/sign-in.ts';

/** A section of the page by its title. */
const section = (page: Page, name: string) => page.getByRole('region', { name });

describe('the account of an operator', () => {
  const roster = useConsole();
  beforeAll(() => setUpOwner(roster));

  it('lists sessions, and ends them', async () => {
    const here = await roster.visit();
    const there = await roster.visit();
    await signIn(there, OWNER);
    await signIn(here, OWNER, 'account');
    const sessions = section(here.page, 'Sessions');
    await expect.poll(() => sessions.getByRole('listitem').count(), { timeout: 20_000 }).toBeGreaterThan(2);
    await here.checkAccessibility();
    await here.screenshot('account', { fullPage: true });

    await sessions.getByRole('button', { name: 'End all others' }).click();
    await expect.poll(() => sessions.getByRole('listitem').count(), { timeout: 20_000 }).toBe(1);
    await sessions.getByText('This session').waitFor();

    // the session there is no more
    there.allow(/^401 /);
    await there.open('account');
    await there.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await here.page.reload();
    await section(here.page, 'Sessions').getByText('This session').waitFor();
  });

  it('makes an API key, which works until it is ended', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 'account');
    await section(page, 'API keys').getByRole('button', { name: 'Create API key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await dialog.getByText('Give it the name of the script that will use it.').waitFor();
    await dialog.getByLabel('Name').fill('Nightly export');
    await visit.checkAccessibility();
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('It is shown only now').waitFor();
    await visit.checkAccessibility();
    const key = await dialog.getByText(/^rosterop_/).innerText();
    const useKey = async (): Promise<number> =>
      (await fetch(`${roster.url}/api/v1/tenants`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect(await useKey()).toBe(200);
    await dialog.getByRole('button', { name: 'Done' }).click();

    await page.getByRole('button', { name: 'End the key Nightly export' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End key' }).click();
    await section(page, 'API keys').getByText('You have none.').waitFor();
    expect(await useKey()).toBe(401);
  });

  it('asks for a code at the sign-in once an authenticator app is set up', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 'account');
    await section(page, 'Authenticator app').getByRole('button', { name: 'Set up' }).click();
    const dialog = page.getByRole('dialog', { name: 'Set up an authenticator app' });
    await dialog.getByRole('img', { name: /QR code/ }).waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('authenticator');
    const secret = await dialog.getByText(/^[A-Z2-7 ]{26,}$/).innerText();
    const totp = URI.parse(`otpauth://totp/Roster?secret=${secret.replace(/\s/g, '')}`);
    await dialog.getByLabel(/Code that the app shows/).fill('12');
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await dialog.getByText('Enter the six digits.').waitFor();
    await dialog.getByLabel(/Code that the app shows/).fill(totp.generate());
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    const kept = page.getByRole('button', { name: 'I have kept them' });
    await kept.waitFor();
    await visit.checkAccessibility();
    const recovery = await page.getByRole('dialog').locator('code').first().innerText();
    await kept.click();
    await section(page, 'Authenticator app').getByText('On', { exact: true }).waitFor();

    const other = await roster.visit();
    other.allow(/^401 (GET|POST) \/api\/v1\/session$/);
    await other.open('sign-in');
    await other.page.getByLabel('E-mail address').fill(OWNER.email);
    await other.page.getByLabel('Password', { exact: true }).fill(OWNER.password);
    await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.page.getByLabel('Code').fill('000000');
    await other.page.getByRole('button', { name: 'Confirm' }).click();
    await other.page.getByText('The code is wrong, or was used already.').waitFor();
    await other.checkAccessibility();
    await other.screenshot('sign-in-code');
    // a code is good once, and that of this half minute has been used
    await other.page.getByLabel('Code').fill(recovery);
    await other.page.getByRole('button', { name: 'Confirm' }).click();
    await other.page.getByRole('button', { name: `Account of ${OWNER.name}` }).waitFor();

    await section(page, 'Authenticator app').getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
    await section(page, 'Authenticator app').getByText('Off', { exact: true }).waitFor();
  });

  it('changes the password, which ends every other session', async () => {
    const visit = await roster.visit();
    const other = await roster.visit();
    await signIn(visit, OWNER, 'account');
    await signIn(other, OWNER, 'account');
    const renewed: Account = { ...OWNER, password: 'teapot meadow 17 lantern' };
    const password = section(visit.page, 'Password');
    const change = password.getByRole('button', { name: 'Change password' });
    await change.click();
    await password.getByText('Enter the password that you have now.').waitFor();
    visit.allow(/^40\d POST \/api\/v1\/account\/password$/);
    await password.getByLabel('Current password').fill('not the password at all');
    await password.getByLabel('New password', { exact: true }).fill(renewed.password);
    await password.getByLabel('New password again').fill(renewed.password);
    await change.click();
    await expect
      .poll(() => password.getByLabel('Current password').getAttribute('aria-invalid'), { timeout: 20_000 })
      .toBe('true');
    await visit.checkAccessibility();
    await password.getByLabel('Current password').fill(OWNER.password);
    await change.click();
    await visit.page.getByText('Your password is changed.').waitFor();

    other.allow(/^401 /);
    await other.page.reload();
    await other.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await signIn(other, renewed);
  });
});
