import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { type Operator, OWNER, setUpOwner } from '../support/operator.ts';
import { bearer, sendScim } from '../support/scim.ts';
import { signIn } from '../support/sign-in.ts';

const SCHEMAS = 't/carbon.super/schemas';
const BADGE = 'urn:acme:params:scim:schemas:extension:badge:2.0:User';
const DEVICE = 'urn:acme:params:scim:schemas:core:2.0:Device';

describe('schemas', () => {
  const roster = useConsole();
  let owner: Operator;
  beforeAll(async () => {
    owner = await setUpOwner(roster);
  });

  it('are added by a form, give users attributes, and stay as long as users have values of them', async () => {
    const token = bearer(roster.start.firstStart.token);
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, SCHEMAS);
    await page.getByRole('table', { name: 'Schemas' }).waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('schemas');
    await page.getByRole('link', { name: 'Add schema' }).click();
    await page.getByRole('textbox', { name: 'URN' }).fill(BADGE);
    await page.getByRole('textbox', { name: 'Name' }).first().fill('Badge');
    const attribute = page
      .getByRole('group')
      .filter({ has: page.getByRole('combobox', { name: 'Mutability' }) });
    const attributeName = attribute.getByRole('textbox', { name: 'Name' });
    const add = page.getByRole('button', { name: 'Add schema' });

    // only the server knows what names the RFC allows
    visit.allow(/^400 POST \/api\/v1\/tenants\/carbon\.super\/schemas$/);
    await attributeName.fill('9 badges');
    await add.click();
    await expect.poll(() => attributeName.getAttribute('aria-invalid'), { timeout: 30_000 }).toBe('true');
    await visit.checkAccessibility();
    await visit.screenshot('schema-refused', { fullPage: true });
    await attributeName.fill('badgeNumber');
    await add.click();
    await page.getByRole('heading', { level: 1, name: 'Badge' }).waitFor();
    await page.getByText('Used by User.').waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('schema');

    await visit.open('t/carbon.super/users?create=true');
    const dialog = page.getByRole('dialog', { name: 'Create user' });
    await dialog.getByRole('textbox', { name: /^User name/ }).fill('babs@example.com');
    await dialog.getByRole('button', { name: 'Add to Emails' }).click();
    await dialog.getByRole('textbox', { name: 'Value' }).fill('babs@example.com');
    await dialog.getByRole('checkbox', { name: 'Primary' }).check();
    const badge = dialog.getByRole('textbox', { name: 'Badge number' });
    await dialog.getByRole('tab', { name: 'Badge' }).click();
    await badge.fill('B-17');
    await visit.checkAccessibility();
    await visit.screenshot('user-create-extension');
    await dialog.getByRole('button', { name: 'Create user' }).click();
    await page.getByRole('heading', { level: 1, name: 'babs@example.com' }).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const url = `${roster.start.baseUrl}/Users/${id}`;
    expect(await sendScim(token, 'GET', url)).toMatchObject({ json: { [BADGE]: { badgeNumber: 'B-17' } } });

    await visit.open(`${SCHEMAS}/${BADGE}`);
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('button', { name: 'Add attribute' }).click();
    await attributeName.nth(1).fill('issued');
    await attribute.nth(1).getByRole('combobox', { name: 'Type' }).click();
    await page.getByRole('option', { name: 'dateTime' }).click();
    await visit.checkAccessibility();
    await visit.screenshot('schema-edit', { fullPage: true });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('region', { name: 'Attributes' }).getByText('issued').waitFor();
    const [answer] = (await sendScim(token, 'GET', `${roster.start.baseUrl}/Schemas/${BADGE}`)).json
      .attributes;
    expect(answer).toMatchObject({ name: 'badgeNumber', type: 'string' });

    const remove = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page
        .getByRole('dialog', { name: 'Delete Badge?' })
        .getByRole('button', { name: 'Delete schema' })
        .click();
    };
    visit.allow(/^409 DELETE \/api\/v1\/tenants\/carbon\.super\/schemas\//);
    await remove();
    const question = page.getByRole('dialog', { name: 'Delete Badge?' });
    await question.getByRole('alert').waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('schema-delete-refused');
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect((await sendScim(token, 'DELETE', url)).status).toBe(204);
    await remove();
    await page.getByRole('heading', { level: 1, name: 'Schemas' }).waitFor();
    await page.getByRole('table', { name: 'Schemas' }).getByText(BADGE).waitFor({ state: 'detached' });
    expect((await sendScim(token, 'GET', `${roster.start.baseUrl}/Schemas/${BADGE}`)).status).toBe(404);
  });

  it('are added as JSON, and resource types with them, whose resources have pages of their own', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, `${SCHEMAS}/new`);
    // the radio itself is hidden under its label
    await page.getByText('JSON', { exact: true }).click();
    const json = page.getByRole('textbox', { name: 'JSON' });
    const add = page.getByRole('button', { name: 'Add schema' });
    const extended = page.getByRole('combobox', { name: 'Extends' });
    await extended.click();
    // what is chosen already is taken back
    await page.getByRole('option', { name: 'User' }).click();
    await expect.poll(() => extended.inputValue(), { timeout: 30_000 }).toBe('');
    await json.fill('{"id": ');
    await add.click();
    await page.getByText('This is no JSON object.').waitFor();
    await visit.checkAccessibility();
    visit.allow(/^400 POST \/api\/v1\/tenants\/carbon\.super\/schemas$/);
    const definition = (type: string): string =>
      JSON.stringify(
        { id: DEVICE, name: 'Device', attributes: [{ name: 'serial', type, required: true }] },
        null,
        2,
      );
    await json.fill(definition('text'));
    await add.click();
    // where the type stands in the text
    await page.getByText(/^Line 7: /).waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('schema-json-refused');
    await json.fill(definition('string'));
    await add.click();
    await page.getByRole('heading', { level: 1, name: 'Device' }).waitFor();
    await page.getByText('No resource type has it.').waitFor();

    await page.getByRole('main').getByRole('link', { name: 'Schemas' }).click();
    await page.getByRole('button', { name: 'Add resource type' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add resource type' });
    await dialog.getByRole('button', { name: 'Add resource type' }).click();
    await dialog.getByText('Give a name, such as Device.').waitFor();
    await visit.checkAccessibility();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Device');
    await dialog.getByRole('textbox', { name: 'Endpoint' }).fill('/Devices');
    await dialog.getByRole('combobox', { name: 'Schema' }).click();
    await page.getByRole('option', { name: DEVICE }).click();
    await visit.screenshot('resource-type-add');
    await dialog.getByRole('button', { name: 'Add resource type' }).click();
    const types = page.getByRole('table', { name: 'Resource types' });
    await types.getByText('/Devices').waitFor();

    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Device', exact: true })
      .click();
    await page.getByRole('heading', { level: 1, name: /Device/ }).waitFor();
    await page
      .getByRole('button', { name: /^Create/ })
      .first()
      .click();
    const create = page.getByRole('dialog', { name: /^Create/ });
    await create.getByRole('button', { name: /^Create/ }).click();
    await create.getByText('Give a value: the schema requires one.').waitFor();
    await create.getByRole('textbox', { name: /^Serial/ }).fill('SN-1');
    await visit.checkAccessibility();
    await create.getByRole('button', { name: /^Create/ }).click();
    await page.waitForURL('**/resources/Device/*');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('device');
    const { total } = (await owner.call('GET', '/tenants/carbon.super/resource-types')).find(
      (type: { readonly name: string }) => type.name === 'Device',
    );
    expect(total).toBe(1);

    // a type with resources stays
    visit.allow(/^409 DELETE \/api\/v1\/tenants\/carbon\.super\/resource-types\/Device$/);
    await visit.open(SCHEMAS);
    await types.getByRole('button', { name: 'Delete Device' }).click();
    const question = page.getByRole('dialog', { name: 'Delete the resource type Device?' });
    await question.getByText('It has 1 resource, which must be deleted first.').waitFor();
    await question.getByRole('button', { name: 'Delete resource type' }).click();
    await question.getByRole('alert').waitFor();
    await visit.screenshot('resource-type-delete-refused');
  });
});
