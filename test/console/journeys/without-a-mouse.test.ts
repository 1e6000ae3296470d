import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { keyboardOf } from '../support/keyboard.ts';
import { OWNER } from '../support/operator.ts';
import { basic, sendScim } from '../support/scim.ts';

const HAS_FOCUS = (element: { readonly ownerDocument: { readonly activeElement: unknown } }): boolean =>
  element.ownerDocument.activeElement === element;

/** Waits until an element has the focus: a dialog gives it back when it is gone. */
const focused = (target: Locator): Promise<void> =>
  expect.poll(() => target.evaluate(HAS_FOCUS), { timeout: 30_000 }).toBe(true);

/** Goes by Ctrl+K to what is typed. */
async function goTo(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+K');
  const box = page.getByRole('textbox', { name: 'A page, an action or a tenant' });
  await focused(box);
  await page.keyboard.type(text);
  await page.getByRole('button', { name: text }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}

describe('somebody without a mouse', () => {
  const roster = useConsole();

  it('comes from the set-up link to an integration, and always sees where the focus is', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    const keyboard = keyboardOf(page);
    visit.allow(/^401 GET \/api\/v1\/session$/);
    await page.goto(roster.start.setupUrl);
    // typing begins in the first field
    await focused(page.getByLabel('Your name'));
    await page.keyboard.type(OWNER.name);
    await keyboard.type(page.getByLabel('E-mail address'), OWNER.email);
    await keyboard.type(page.getByLabel('Password', { exact: true }), OWNER.password);
    await keyboard.type(page.getByLabel('Password again'), OWNER.password);
    await keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Main' }).waitFor();

    await page.reload();
    const skip = page.getByRole('link', { name: 'Skip to the page' });
    await skip.waitFor({ state: 'attached' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await keyboard.press('Tab');
    await focused(skip);
    await expect.poll(() => isOnScreen(skip), { timeout: 20_000 }).toBe(true);
    await visit.screenshot('keyboard-skip');
    await keyboard.press('Enter');
    await keyboard.press('Tab');
    expect(await page.getByRole('main').evaluate(HOLDS_FOCUS)).toBe(true);

    await page.keyboard.press('Control+K');
    const box = page.getByRole('textbox', { name: 'A page, an action or a tenant' });
    await focused(box);
    await visit.checkAccessibility();
    await visit.screenshot('keyboard-palette');
    await keyboard.press('Escape');
    await box.waitFor({ state: 'detached' });
    await goTo(page, 'Integrations');
    await page.getByRole('heading', { level: 1, name: 'Integrations' }).waitFor();
    await focused(page.getByRole('heading', { level: 1, name: 'Integrations' }));

    const create = page.getByRole('button', { name: 'Create SCIM integration' }).first();
    await keyboard.activate(create);
    const dialog = page.getByRole('dialog', { name: 'Create SCIM integration' });
    const name = dialog.getByLabel('Integration name');
    await focused(name);
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await focused(create);

    await keyboard.press('Space');
    await focused(name);
    const generate = dialog.getByRole('button', { name: 'Generate credentials' });
    await keyboard.activate(generate);
    // the field that is wrong
    await dialog.getByText('Give it a name, such as Entra ID.').waitFor();
    await focused(name);
    await page.keyboard.type('SAP without a mouse');
    await keyboard.reach(dialog.getByRole('radio', { name: 'Bearer token' }));
    await keyboard.press('ArrowDown');
    const isBasic = dialog.getByRole('radio', { name: 'Basic authentication' });
    await focused(isBasic);
    expect(await isBasic.isChecked()).toBe(true);
    await keyboard.press('Shift+Tab');
    await focused(name);
    await keyboard.activate(generate);

    const secret = page.getByRole('dialog').filter({ hasText: 'Shown only once' });
    await secret.waitFor();
    await keyboard.activate(secret.getByRole('button', { name: 'Hide Password' }));
    await keyboard.press('Space');
    await keyboard.reach(secret.getByRole('button', { name: 'Copy Password' }));
    const shown = (label: string): Promise<string> =>
      secret
        .locator('code')
        .and(page.getByLabel(label, { exact: true }))
        .innerText();
    const authorization = basic(await shown('Username'), await shown('Password'));
    await keyboard.press('Escape');
    const back = secret.getByRole('button', { name: 'Go back' });
    await focused(back);
    await visit.screenshot('keyboard-secret');
    await keyboard.press('Enter');
    await keyboard.activate(secret.getByRole('button', { name: 'Done' }));
    const heading = page.getByRole('heading', { level: 1, name: 'SAP without a mouse' });
    await heading.waitFor();
    expect((await sendScim(authorization, 'GET', `${roster.start.baseUrl}/Users?count=1`)).status).toBe(200);

    // tabs by the arrows, menus by Escape
    await keyboard.reach(page.getByRole('tab', { name: 'Connect' }));
    await keyboard.press('ArrowRight');
    await focused(page.getByRole('tab', { name: 'Credentials' }));
    const menu = page.getByRole('button', { name: 'More actions' });
    await reachBackwards(page, menu);
    await keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Delete integration' }).waitFor();
    await keyboard.press('Escape');
    await focused(menu);
    await visit.screenshot('keyboard-menu');
  });
});

const HOLDS_FOCUS = (element: {
  readonly ownerDocument: { readonly activeElement: unknown };
  contains(other: unknown): boolean;
}): boolean => element.contains(element.ownerDocument.activeElement);

/** Whether an element is where it can be seen: what is beyond the upper edge is not. */
async function isOnScreen(target: Locator): Promise<boolean> {
  const box = await target.boundingBox();
  return box !== null && box.y >= 0 && box.x >= 0;
}

/** Presses Shift+Tab until an element has the focus. */
async function reachBackwards(page: Page, target: Locator): Promise<void> {
  for (let stops = 0; stops < 20; stops += 1) {
    if (await target.evaluate(HAS_FOCUS)) return;
    await page.keyboard.press('Shift+Tab');
  }
  throw new Error(`Shift+Tab does not reach ${target}`);
}
