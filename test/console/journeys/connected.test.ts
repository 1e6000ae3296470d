import { describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { OWNER } from '../support/operator.ts';
import { bearer, createUser } from '../support/scim.ts';

describe('a new installation', () => {
  const begun = performance.now();
  const roster = useConsole();

  it('has an integration connected after the fewest steps', async () => {
    const seconds = (): string => ((performance.now() - begun) / 1000).toFixed(1);
    const serving = seconds();
    const visit = await roster.visit();
    const { page } = visit;
    visit.allow(/^401 GET \/api\/v1\/session$/);
    await page.goto(roster.start.setupUrl);
    await page.getByLabel('Your name').fill(OWNER.name);
    await page.getByLabel('E-mail address').fill(OWNER.email);
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
    await page.getByLabel('Password again').fill(OWNER.password);
    await page.getByRole('button', { name: 'Create and sign in' }).click();
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Integrations', exact: true })
      .click();
    const signedIn = seconds();
    await page.getByRole('button', { name: 'Create SCIM integration' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Create SCIM integration' });
    await dialog.getByLabel('Integration name').fill('Entra ID');
    await dialog.getByRole('button', { name: 'Generate credentials' }).click();
    const shown = page.getByRole('dialog').filter({ hasText: 'Shown only once' });
    const code = (label: string): Promise<string> =>
      shown
        .locator('code')
        .and(page.getByLabel(label, { exact: true }))
        .innerText();
    const [baseUrl, token] = [await code('SCIM base URL'), await code('Token')];
    await shown.getByRole('button', { name: 'Done' }).click();
    await createUser(bearer(token), baseUrl, 'first@example.com');
    await page
      .getByRole('region', { name: 'First request' })
      .getByText('Connected', { exact: true })
      .waitFor();
    const connected = seconds();
    console.info(
      `from the start of the server: serving after ${serving} s, signed in after ${signedIn} s, ` +
        `connected after ${connected} s`,
    );
    expect(await page.getByText('Waiting for the first request').count()).toBe(0);
    await visit.checkAccessibility();
    await visit.screenshot('connected', { fullPage: true });
  });
});
