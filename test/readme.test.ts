import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRoster, freePort, type Roster } from './cli/roster.ts';
import { readExamples, runExamples } from './examples.ts';

let roster: Roster;

beforeAll(() => {
  roster = createRoster();
});

afterAll(() => roster.close());

test('the examples of the README work as they stand', async () => {
  const examples = await readExamples('README.md', 'example');
  expect(examples.map(({ name }) => name)).toEqual(['integration', 'create', 'find', 'deactivate', 'group']);

  const port = await freePort();
  const server = roster.start(['serve'], { ROSTER_PORT: String(port) });
  const [, token = ''] = await server.until(/Bearer token: +(\S+)/);
  await server.until(/Try it:/);
  const { output, stderr } = await runExamples(examples, {
    SCIM: `http://127.0.0.1:${port}/scim/v2`,
    TOKEN: token,
    ROSTER_DATA_DIR: roster.dataDir,
    ROSTER_PORT: String(port),
  });
  expect(stderr).toBe('');
  expect(JSON.parse(output.create ?? '')).toMatchObject({ userName: 'bjensen@example.com', active: true });
  expect(JSON.parse(output.find ?? '')).toMatchObject({ totalResults: 1 });
  expect(JSON.parse(output.deactivate ?? '')).toMatchObject({ active: false });
  expect(JSON.parse(output.group ?? '')).toMatchObject({
    displayName: 'Tour Guides',
    members: [{ type: 'User' }],
  });
  expect(output.integration).toMatch(/roster_[a-z2-7]{12}_/);
  expect(await server.stop('SIGTERM')).toBe(0);
}, 60_000);
