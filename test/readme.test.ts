import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRoster, freePort, type Roster } from './cli/roster.ts';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const EXAMPLE = /<!-- example: (\w+) -->\n```sh\n([\s\S]*?)```/g;

let roster: Roster;

beforeAll(() => {
  roster = createRoster();
});

afterAll(() => roster.close());

/** The commands of the README that are marked as examples, in their order, run as one shell session would. */
test('the examples of the README work as they stand', async () => {
  const readme = await readFile(`${checkout}/README.md`, 'utf8');
  const examples = [...readme.matchAll(EXAMPLE)].map(([, name, commands]) => ({ name, commands }));
  expect(examples.map(({ name }) => name)).toEqual(['create', 'find', 'deactivate', 'group', 'integration']);

  const port = await freePort();
  const server = roster.start(['serve'], { ROSTER_PORT: String(port) });
  const [, token = ''] = await server.until(/Bearer token: +(\S+)/);
  await server.until(/Try it:/);
  const script = examples.map(({ name, commands }) => `echo "=== ${name}"\n${commands}`).join('\n');
  const { stdout, stderr } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: checkout,
    env: {
      ...process.env,
      SCIM: `http://127.0.0.1:${port}/scim/v2`,
      TOKEN: token,
      ROSTER_DATA_DIR: roster.dataDir,
      ROSTER_PORT: String(port),
    },
  });
  const output = Object.fromEntries(
    stdout
      .split('=== ')
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]),
  );
  expect(stderr.replace(/^npm warn .*\n/gm, '')).toBe('');
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
