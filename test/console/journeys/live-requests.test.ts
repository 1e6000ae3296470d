import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { OWNER, setUpOwner } from '../support/operator.ts';
import { bearer, sendScim } from '../support/scim.ts';
import { signIn } from '../support/sign-in.ts';

describe('requests as they come', () => {
  const roster = useConsole();
  beforeAll(() => setUpOwner(roster));

  it('appear in the live list of their tenant, those that fit its filters alone', async () => {
    const token = bearer(roster.start.firstStart.token);
    const { baseUrl } = roster.start;
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 't/carbon.super/requests');
    await page.getByLabel('Live', { exact: true }).check();
    await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor();
    // the badge of an open stream; the label of the switch says the same word
    await expect.poll(() => page.getByText('Live', { exact: true }).count(), { timeout: 30_000 }).toBe(2);
    await sendScim(token, 'GET', `${baseUrl}/Users?filter=${encodeURIComponent('userName eq "nobody"')}`);
    const table = page.getByRole('table', { name: 'Requests' });
    await table.getByText('/Users').first().waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('requests-live');

    await page.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: '404' }).click();
    await page.getByText('No request fits').waitFor();
    await expect.poll(() => page.getByText('Live', { exact: true }).count(), { timeout: 30_000 }).toBe(2);
    expect((await sendScim(token, 'GET', `${baseUrl}/Groups?count=1`)).status).toBe(200);
    expect((await sendScim(token, 'GET', `${baseUrl}/Users/nobody`)).status).toBe(404);
    await table.getByText('/Users/nobody').waitFor();
    expect(await table.getByText('/Groups').count()).toBe(0);
  });

  it('with credentials that are nobody’s are shown to owners, and why they were refused', async () => {
    const stranger = bearer('rosterpat_mistyped');
    expect((await sendScim(stranger, 'GET', `${roster.start.baseUrl}/Users?count=3`)).status).toBe(401);
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 'requests');
    const row = page.getByRole('table', { name: 'Unattributed requests' }).getByRole('row').nth(1);
    // the list shows what has been written, which takes a moment
    await expect
      .poll(
        async () => {
          await page.reload();
          await page.getByRole('heading', { level: 1, name: 'Unattributed requests' }).waitFor();
          await row.or(page.getByText('No such requests')).first().waitFor();
          return await row.count();
        },
        { timeout: 60_000 },
      )
      .toBe(1);
    await row.getByText('401').waitFor();
    await row.getByText(/\/Users/).waitFor();
    await row.getByText('token of somebody else').waitFor();
    expect(await page.content()).not.toContain('rosterpat_mistyped');
    await visit.checkAccessibility();
    await visit.screenshot('requests-unattributed');
  });
});
