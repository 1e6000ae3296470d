import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRoster, freePort, type Roster } from './cli/roster.ts';
import { readExamples, runExamples } from './examples.ts';

let roster: Roster;
beforeEach(() => {
  roster = createRoster();
});
afterEach(() => roster.close());

/** Runs the 1.1 examples of a page on a server that is started as the page says. */
async function run(page: string): Promise<Readonly<Record<string, string>>> {
  const port = String(await freePort());
  const tls = { ROSTER_TLS: 'self-signed', ROSTER_PORT: port };
  const server = roster.start(['serve'], { ...tls, ROSTER_ADMIN_PASSWORD: 'admin' });
  await server.until(/Try it:/);
  const { output, stderr } = await runExamples(await readExamples(page, 'https example'), {
    ...tls,
    SCIM1: `https://localhost:${port}/wso2/scim`,
    ROSTER_DATA_DIR: roster.dataDir,
  });
  expect(stderr).toBe('');
  expect(await server.stop('SIGTERM')).toBe(0);
  return output;
}

const group = {
  displayName: 'AMRSNGHE/ngioletGR',
  members: expect.toSatisfy((members: { display: string }[]) => {
    expect(members.map(({ display }) => display).sort()).toEqual([
      'AMRSNGHE/groupUSR001',
      'AMRSNGHE/groupUSR002',
    ]);
    return true;
  }),
};

test('the examples of docs/scim-1.1.md work as they stand', async () => {
  const output = await run('docs/scim-1.1.md');
  const { superMembers = '', tenantMembers = '' } = output;
  const shown = [superMembers, tenantMembers].map((text) => JSON.parse(text));
  expect(shown).toMatchObject([group, group]);
  expect(shown[0].id).not.toBe(shown[1].id);
}, 60_000);

test('the scenario of the README works as it stands', async () => {
  const { scenario = '' } = await run('README.md');
  const shown = scenario.split('\n').filter((line) => line.startsWith('{'));
  expect(shown.map((line) => JSON.parse(line))).toMatchObject([group, group]);
}, 60_000);
