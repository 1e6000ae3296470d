import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useConsole } from '../support/console.ts';
import { type Operator, OWNER, setUpOwner } from '../support/operator.ts';
import { bearer, createUser } from '../support/scim.ts';
import { signIn } from '../support/sign-in.ts';

/** The text of the file that a button saves. */
async function saved(page: Page, button: string): Promise<{ readonly name: string; readonly text: string }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

describe('the audit of a tenant', () => {
  const roster = useConsole();
  let owner: Operator;
  beforeAll(async () => {
    owner = await setUpOwner(roster);
    await owner.call('POST', '/tenants/carbon.super/user-stores', { name: 'EMEA' });
    await createUser(bearer(roster.start.firstStart.token), roster.start.baseUrl, 'ann@example.com');
    await owner.call('POST', '/tenants/carbon.super/resources/Group', { displayName: 'Planners' });
  });

  it('is narrowed by filters that the URL keeps, and leads on to what else was done', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 't/carbon.super/audit');
    const table = page.getByRole('table', { name: 'Audit records' });
    await table.getByText('userStore.create').waitFor();
    await table.getByText('group.create').first().waitFor();
    await page.getByRole('combobox', { name: 'Way' }).click();
    await page.getByRole('option', { name: 'SCIM' }).click();
    await table.getByText('userStore.create').waitFor({ state: 'detached' });
    await page.getByRole('searchbox', { name: 'Action begins with' }).fill('user.');
    const records = table.getByRole('button');
    await expect.poll(() => records.allInnerTexts(), { timeout: 30_000 }).toEqual(['user.create']);
    expect(new URL(page.url()).searchParams.get('via')).toBe('scim');
    await page.reload();
    await expect.poll(() => records.allInnerTexts(), { timeout: 30_000 }).toEqual(['user.create']);
    await visit.checkAccessibility();

    await records.first().click();
    const drawer = page.getByRole('dialog', { name: 'Audit record' });
    await drawer.getByText('quickstart').first().waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('audit-record');
    await drawer.getByRole('link', { name: 'All that quickstart did' }).click();
    await table.getByText('user.create').first().waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await table.getByText('userStore.create').waitFor();

    await page.getByRole('searchbox', { name: 'Action begins with' }).fill('nothing.like.it');
    await page.getByText('No record fits').waitFor();
    await visit.checkAccessibility();
    await page.getByRole('button', { name: 'Clear filters' }).first().click();
    await table.getByText('userStore.create').waitFor();
  });

  it('leads from a change over SCIM to its request, with what it changed', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 't/carbon.super/audit?via=scim&action=user.create');
    await page
      .getByRole('table', { name: 'Audit records' })
      .getByRole('button', { name: 'user.create' })
      .first()
      .click();
    await page
      .getByRole('dialog', { name: 'Audit record' })
      .getByRole('link', { name: 'The request' })
      .click();
    await page.getByRole('heading', { level: 1, name: 'Requests' }).waitFor();
    const requests = page.getByRole('table', { name: 'Requests' });
    await requests.getByRole('button', { name: /^POST .*\/Users/ }).waitFor();
    expect(await requests.getByRole('button').count()).toBe(1);
    await requests.getByRole('button').click();
    const drawer = page.getByRole('dialog', { name: 'Request' });
    await drawer.getByRole('region', { name: 'request body' }).getByText('ann@example.com').first().waitFor();
    await visit.checkAccessibility();
    await visit.screenshot('audit-request');
  });

  it('is saved as JSON lines and as CSV, what the filters leave', async () => {
    const visit = await roster.visit();
    const { page } = visit;
    await signIn(visit, OWNER, 't/carbon.super/audit?via=console');
    await page.getByRole('table', { name: 'Audit records' }).getByText('userStore.create').waitFor();
    const lines = await saved(page, 'Export JSON lines');
    expect(lines.name).toBe('audit-carbon.super.ndjson');
    const records: readonly { readonly action: string; readonly actor: { readonly via: string } }[] =
      lines.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect(records.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['userStore.create', 'group.create']),
    );
    expect(new Set(records.map(({ actor }) => actor.via))).toEqual(new Set(['console']));

    const csv = await saved(page, 'Export CSV');
    expect(csv.name).toBe('audit-carbon.super.csv');
    const [head = '', ...rows] = csv.text.trimEnd().split(/\r?\n/);
    expect(head.toLowerCase()).toContain('action');
    // the export before is in it, too
    expect(rows).toHaveLength(records.length + 1);
    expect(rows.some((row) => row.includes('userStore.create'))).toBe(true);
    expect(rows.some((row) => row.includes('audit.export'))).toBe(true);
    await visit.screenshot('audit-export');
  });
});
