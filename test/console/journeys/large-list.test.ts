import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { loadUsers } from '../support/load.ts';
import { OWNER, setUpOwner } from '../support/operator.ts';
import { signIn } from '../support/sign-in.ts';

const USERS = 't/carbon.super/users';

describe('a list of 100,000 users', () => {
  const roster = useConsole({ prepare: (server) => loadUsers(server, 100_000) });
  beforeAll(() => setUpOwner(roster));

  it('is paged, searched and sorted; the URL says where one is', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, USERS);
    const pages = page.getByRole('navigation', { name: 'Pages of Users' });
    await pages.getByText(/1–50 of 100,00\d/).waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('users-100000');
    await pages
      .getByRole('button', { name: 'Page 2001' })
      .or(pages.getByRole('button', { name: 'Page 2000' }))
      .last()
      .click();
    await pages.getByText(/^(99,951|100,001)–/).waitFor();
    await page.goBack();
    await pages.getByText('1–50').waitFor();

    await page.getByRole('searchbox', { name: 'Search users' }).fill('person09999');
    await pages.getByText('1–10 of 10').waitFor();
    await page.getByRole('link', { name: 'person099990', exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('person09999');
    await page.reload();
    await pages.getByText('1–10 of 10').waitFor();
    await page.getByRole('searchbox', { name: 'Search users' }).fill('nobody of this name');
    await page.getByText('Nothing found').waitFor();
    await visit.checkAccessibility();
    await page.getByRole('button', { name: 'Show all users' }).click();
    await pages.getByText('1–50').waitFor();
  });

  it('is filtered by a SCIM filter, which shows where it is wrong', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, USERS);
    await page.getByText('SCIM filter', { exact: true }).click();
    const filter = page
      .getByRole('textbox', { name: 'SCIM filter' })
      .or(page.getByRole('combobox', { name: 'SCIM filter' }));
    await filter.fill('userN');
    await page.getByRole('option', { name: 'userName' }).first().waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('filter-completion');

    visit.allow(/^400 GET \/api\/v1\/tenants\/carbon\.super\/resources\/User/);
    await filter.fill('title eq "Engineer" and activ eq true');
    await filter.press('Enter');
    const wrong = page.getByRole('alert');
    await wrong.locator('mark').waitFor();
    expect(await wrong.locator('mark').innerText()).toBe('activ');
    await visit.checkAccessibility();
    await visit.screenshot('filter-refused');

    await filter.fill('title eq "Engineer" and active eq false');
    await filter.press('Enter');
    await page.getByRole('navigation', { name: 'Pages of Users' }).getByText('1–50 of 2,000').waitFor();
    await visit.screenshot('filter');
  });

  it('fits a phone', async () => {
    const visit = await roster.visit({ width: 360, height: 740, colorScheme: 'dark' });
    await signIn(visit, OWNER, USERS);
    await visit.page.getByRole('list', { name: 'Users' }).waitFor();
    await visit.checkWidth();
    await visit.checkAccessibility();
    await visit.screenshot('users-360-dark');
  });
});
