import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { OWNER, setUpOwner } from '../support/operator.ts';
import { bearer, createUser, sendScim } from '../support/scim.ts';
import { signIn } from '../support/sign-in.ts';

describe('groups', () => {
  const roster = useConsole();
  beforeAll(() => setUpOwner(roster));

  it('are created, get members by search and permissions, lose them, and are deleted', async () => {
    const token = bearer(roster.start.firstStart.token);
    const { baseUrl } = roster.start;
    const ann = await createUser(token, baseUrl, 'ann@example.com');
    await createUser(token, baseUrl, 'bob@example.com');
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 't/carbon.super/groups');
    await page.getByRole('table', { name: 'Groups' }).waitFor();
    await visit.checkAccessibility();
    await page.getByRole('button', { name: 'Create group' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create group' });
    await dialog.getByRole('button', { name: 'Create group' }).click();
    await dialog.getByText('Give a value: the schema requires one.').waitFor();
    await visit.checkAccessibility();
    await dialog.getByRole('textbox', { name: /^Display name/ }).fill('Tour guides');
    await dialog.getByRole('button', { name: 'Create group' }).click();
    await page.getByRole('heading', { level: 1, name: 'Tour guides' }).waitFor();
    const url = `${baseUrl}/Groups/${new URL(page.url()).pathname.split('/').at(-1)}`;
    const memberIds = async (): Promise<unknown> =>
      ((await sendScim(token, 'GET', url)).json.members ?? []).map(({ value }: { value: string }) => value);

    await page.getByRole('tab', { name: 'Members' }).click();
    await page.getByText('No members yet').waitFor();
    await page.getByRole('button', { name: 'Add members' }).first().click();
    const adding = page.getByRole('dialog', { name: 'Add members' });
    // on from the field, which closes its proposals
    await page.keyboard.press('Tab');
    await adding.getByRole('button', { name: 'Add', exact: true }).click();
    await adding.getByText('Choose whom to add.').waitFor();
    await adding
      .getByRole('combobox', { name: 'Users and groups' })
      .or(adding.getByRole('textbox', { name: 'Users and groups' }))
      .first()
      .fill('ann');
    await page.getByRole('option', { name: 'ann@example.com' }).click();
    await visit.screenshot('group-add-members');
    await page.keyboard.press('Tab');
    await adding.getByRole('button', { name: 'Add', exact: true }).click();
    const members = page.getByRole('table', { name: 'Members' });
    await members.getByRole('link', { name: 'ann@example.com' }).waitFor();
    expect(await memberIds()).toEqual([ann]);
    await visit.checkAccessibility();
    await visit.screenshot('group-members');

    await page.getByRole('tab', { name: 'Permissions' }).click();
    await page.getByRole('checkbox', { name: 'Login' }).check();
    await page.getByRole('button', { name: 'Save permissions' }).click();
    await page.getByText('The permissions are saved').waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('group-permissions');
    await page.reload();
    await page.getByRole('checkbox', { name: 'Login' }).waitFor();
    expect(await page.getByRole('checkbox', { name: 'Login' }).isChecked()).toBe(true);
    expect(await page.getByRole('checkbox', { name: 'Provision' }).isChecked()).toBe(false);

    // the user's own page has the group
    await visit.open(`t/carbon.super/users/${ann}`);
    await page.getByRole('tab', { name: 'Groups' }).click();
    await page.getByRole('link', { name: 'Tour guides' }).click();
    await page.getByRole('heading', { level: 1, name: 'Tour guides' }).waitFor();

    await page.getByRole('tab', { name: 'Members' }).click();
    await page.getByRole('button', { name: 'Remove ann@example.com' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('No members yet').waitFor();
    expect(await memberIds()).toEqual([]);

    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const question = page.getByRole('dialog', { name: 'Delete Tour guides?' });
    await question.getByText('The permission login').waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('group-delete');
    await question.getByRole('button', { name: 'Delete group' }).click();
    await page.getByRole('heading', { level: 1, name: 'Groups' }).waitFor();
    expect((await sendScim(token, 'GET', url)).status).toBe(404);
  });
});
