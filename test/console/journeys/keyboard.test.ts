import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { keyboardOf } from '../support/keyboard.ts';
import { OWNER, setUpOwner } from '../support/operator.ts';
import { bearer, sendScim } from '../support/scim.ts';

describe('the keyboard alone', () => {
  const roster = useConsole();
  beforeAll(() => setUpOwner(roster));

  it('is enough to sign in and to create an integration', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    const keyboard = keyboardOf(page);
    visit.allow(/^401 GET \/api\/v1\/session$/);
    await visit.open();
    await keyboard.type(page.getByLabel('E-mail address'), OWNER.email);
    await keyboard.type(page.getByLabel('Password', { exact: true }), OWNER.password);
    await keyboard.press('Enter');
    const navigation = page.getByRole('navigation', { name: 'Main' });
    await keyboard.activate(navigation.getByRole('link', { name: 'Integrations', exact: true }));
    await page.getByRole('heading', { level: 1, name: 'Integrations' }).waitFor();
    await page.getByRole('link', { name: 'quickstart' }).waitFor();
    await keyboard.activate(page.getByRole('button', { name: 'Create SCIM integration' }).first());
    const dialog = page.getByRole('dialog', { name: 'Create SCIM integration' });
    // the dialog begins at its first field
    await keyboard.type(dialog.getByLabel('Integration name'), 'By keyboard');
    await keyboard.activate(dialog.getByRole('button', { name: 'Generate credentials' }));
    const secret = page.getByRole('dialog').filter({ hasText: 'Shown only once' });
    await secret.waitFor();
    const token = await secret.locator('code').nth(1).innerText();
    expect((await sendScim(bearer(token), 'GET', `${roster.start.baseUrl}/Users`)).status).toBe(200);
    await visit.screenshot('keyboard');
    await keyboard.activate(secret.getByRole('button', { name: 'Done' }));
    await page.getByRole('heading', { level: 1, name: 'By keyboard' }).waitFor();
  });
});
