import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { type Operator, OWNER, setUpOwner } from '../support/operator.ts';
import { bearer, createUser, sendScim } from '../support/scim.ts';
import { signIn } from '../support/sign-in.ts';

describe('requests', () => {
  const roster = useConsole();
  let owner: Operator;
  beforeAll(async () => {
    owner = await setUpOwner(roster);
  });

  it('turn the panel of a new integration green as they come, and say what was wrong', async () => {
    const { integration, secret } = await owner.call('POST', '/tenants/carbon.super/integrations', {
      name: 'Okta',
      auth: 'bearer',
    });
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, `t/carbon.super/integrations/${integration.id}`);
    const panel = page.getByRole('region', { name: 'First request' });
    await panel.getByText('Waiting for the first request').waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('connect-waiting');

    const token = bearer(secret.token);
    expect((await sendScim(token, 'GET', `${roster.start.baseUrl}/Users?filter=userNam`)).status).toBe(400);
    await panel.getByText('A request came and was refused with 400').waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('connect-refused');

    expect((await sendScim(token, 'GET', `${roster.start.baseUrl}/Users?count=1`)).status).toBe(200);
    await panel.getByText('Connected', { exact: true }).waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('connect-green');
  });

  it('that failed are found, explained, and replayed without changing anything', async () => {
    const token = bearer(roster.start.firstStart.token);
    const { baseUrl } = roster.start;
    const id = await createUser(token, baseUrl, 'replay@example.com');
    const url = `${baseUrl}/Users/${id}`;
    const before = (await sendScim(token, 'GET', url)).json;
    const patch = (path: string, value: string): Promise<{ status: number }> =>
      sendScim(token, 'PATCH', url, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', path, value }],
      });
    expect((await patch('nosuchattribute', 'x')).status).toBe(400);

    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 't/carbon.super/requests?status=4xx&method=PATCH');
    const table = page.getByRole('table', { name: 'Requests' });
    // the list shows what has been written, which takes a moment
    await expect
      .poll(
        async () => {
          await page.reload();
          await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor();
          await table.or(page.getByText('No request fits')).first().waitFor();
          return await table.count();
        },
        { timeout: 60_000 },
      )
      .toBe(1);
    await visit.checkAccessibility();
    await visit.screenshot('requests');
    await table
      .getByRole('button', { name: /^PATCH/ })
      .first()
      .click();
    const drawer = page.getByRole('dialog', { name: 'Request' });
    await drawer.getByRole('note').first().waitFor();
    await drawer.getByRole('region', { name: 'request body' }).getByText('nosuchattribute').waitFor();
    expect(await page.content()).not.toContain(roster.start.firstStart.token);
    await visit.checkAccessibility();
    await visit.screenshot('request-failed');

    await drawer.getByLabel('Body', { exact: true }).fill(
      JSON.stringify({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', path: 'title', value: 'Replayed' }],
      }),
    );
    await drawer.getByRole('button', { name: 'Replay' }).click();
    await drawer.getByText('Nothing was changed').waitFor();
    await drawer.getByRole('region', { name: 'The answer now' }).getByText('Replayed').waitFor();
    await visit.checkAccessibility();
    await drawer.getByText('What it would change').scrollIntoViewIfNeeded();
    await visit.screenshot('request-replayed');
    expect((await sendScim(token, 'GET', url)).json).toEqual(before);
  });
});
