import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { OWNER } from '../support/operator.ts';

const isInvalid = (field: Locator): Promise<string | null> => field.getAttribute('aria-invalid');

describe('the first run', () => {
  const roster = useConsole();

  it('leads from the set-up link to the start page, and lets nobody use the link again', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    visit.allow(/^401 GET \/api\/v1\/session$/);
    await visit.open();
    await page.getByText('Nobody has been set up yet').waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('sign-in-before-set-up');

    await page.goto(roster.start.setupUrl);
    const name = page.getByLabel('Your name');
    const email = page.getByLabel('E-mail address');
    const password = page.getByLabel('Password', { exact: true });
    const again = page.getByLabel('Password again');
    const create = page.getByRole('button', { name: 'Create and sign in' });
    await name.waitFor();
    // the code is kept out of the address bar and the history
    expect(new URL(page.url()).hash).toBe('');
    await visit.checkAccessibility();
    await visit.screenshot('set-up');

    await email.fill('olga');
    await password.fill('too short');
    await again.fill('something else');
    await create.click();
    await page.getByText('Enter your name.').waitFor();
    await page.getByText('Enter an e-mail address, such as jo@example.com.').waitFor();
    await page.getByText('Use at least 15 characters; these are 9.').waitFor();
    await page.getByText('This is not the same password.').waitFor();
    expect(await Promise.all([name, email, password, again].map(isInvalid))).toEqual(Array(4).fill('true'));
    await visit.checkAccessibility();
    await visit.screenshot('set-up-refused');

    // only the server knows what many people choose
    visit.allow(/^400 POST \/api\/v1\/setup$/);
    await name.fill(OWNER.name);
    await email.fill(OWNER.email);
    await password.fill('passwordpassword');
    await again.fill('passwordpassword');
    await create.click();
    await expect.poll(() => isInvalid(password), { timeout: 20_000 }).toBe('true');

    await password.fill(OWNER.password);
    await again.fill(OWNER.password);
    await create.click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('button', { name: `Account of ${OWNER.name}` }).waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('home-first');

    const other = await roster.visit();
    other.allow(/^410 POST \/api\/v1\/links\/show$/);
    other.allow(/^401 GET \/api\/v1\/session$/);
    await other.page.goto(roster.start.setupUrl);
    await other.page.getByText('This link can’t be used').waitFor();
    await other.checkAccessibility();
  });

  it('lets the owner sign out and in again, and nobody with another password', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    visit.allow(/^401 GET \/api\/v1\/session$/);
    visit.allow(/^401 POST \/api\/v1\/session$/);
    await visit.open('t/carbon.super');
    const signIn = page.getByRole('button', { name: 'Sign in', exact: true });
    await signIn.click();
    await page.getByText('Enter your e-mail address.').waitFor();
    await page.getByText('Enter your password.').waitFor();
    await page.getByLabel('E-mail address').fill(OWNER.email);
    await page.getByLabel('Password', { exact: true }).fill('violet otter harbour 43');
    await signIn.click();
    await page.getByRole('alert').waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('sign-in-refused');

    await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
    await signIn.click();
    // where the person was going
    await page.waitForURL('**/console/t/carbon.super*');

    await page.getByRole('button', { name: `Account of ${OWNER.name}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await signIn.waitFor();
    await page.goBack();
    await signIn.waitFor();
  });

  it('shows a stranger who asks for any page the sign-in page', async () => {
    const visit = await roster.visit({ width: 360, height: 740, colorScheme: 'dark' });
    visit.allow(/^401 GET \/api\/v1\/session$/);
    await visit.open('t/carbon.super');
    await visit.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await visit.checkAccessibility();
    await visit.checkWidth();
    await visit.screenshot('sign-in-360-dark');
  });
});
