import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { type Account, acceptInvitation, type Operator, OWNER, setUpOwner } from '../support/operator.ts';
import { bearer, createUser } from '../support/scim.ts';
import { signIn } from '../support/sign-in.ts';

const AUDITOR: Account = {
  email: 'audrey@example.com',
  name: 'Audrey Auditor',
  password: 'purple ladder 31 harvest',
};

describe('operators', () => {
  const roster = useConsole();
  let owner: Operator;
  beforeAll(async () => {
    owner = await setUpOwner(roster);
  });

  it('are invited by a link, and what they do is in the audit', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 'operators');
    await page.getByRole('button', { name: 'Invite operator' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite operator' });
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    await dialog.getByText('Give an e-mail address, such as jo@example.com.').waitFor();
    await dialog.getByText('Give a name.').waitFor();
    await dialog.getByText('Choose a tenant.').waitFor();
    await visit.checkAccessibility();
    await dialog.getByRole('textbox', { name: /^E-mail address/ }).fill('olaf@example.com');
    await dialog.getByRole('textbox', { name: /^Name/ }).fill('Olaf Owner');
    await dialog.getByRole('radio', { name: 'Owner' }).check();
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    const link = await dialog.locator('code').filter({ hasText: '/console/link#' }).innerText();
    await visit.checkAccessibility();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('cell', { name: 'olaf@example.com' }).waitFor();
    await visit.screenshot('operators');

    const olaf = await acceptInvitation(roster, link, 'yellow anchor 55 biscuit');
    await olaf.call('POST', '/tenants/carbon.super/user-stores', { name: 'OLAF' });
    await visit.open('t/carbon.super/audit');
    await page.getByRole('table', { name: 'Audit records' }).getByText('olaf@example.com').first().waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('audit');
  });

  it('who are auditors read one tenant, and see no button that changes something', async () => {
    const id = await createUser(
      bearer(roster.start.firstStart.token),
      roster.start.baseUrl,
      'ann@example.com',
    );
    const { email, name } = AUDITOR;
    const { link } = await owner.call('POST', '/operators', {
      ...{ email, name, role: 'auditor', tenant: 'carbon.super' },
    });
    await acceptInvitation(roster, link.url, AUDITOR.password);
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, AUDITOR);
    const changing = page.getByRole('main').getByRole('button', {
      name: /\b(create|add|delete|remove|revoke|replace|save|activate|deactivate|invite|more actions)\b/i,
    });
    for (const path of ['integrations', 'users', `users/${id}`, 'groups', 'user-stores', 'requests']) {
      await visit.open(`t/carbon.super/${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('status').filter({ hasText: 'Loading' }).first().waitFor({ state: 'detached' });
      expect(await changing.allInnerTexts(), path).toEqual([]);
      await visit.checkAccessibility();
    }
    await visit.screenshot('auditor');
    const navigation = page.getByRole('navigation', { name: 'Main' });
    expect(await navigation.getByRole('link', { name: 'All tenants' }).count()).toBe(0);
  });
});
