import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSelfSigned } from '../../src/service/self-signed.ts';
import { readExamples, runExamples } from '../examples.ts';
import { hasPostgres, temporaryDatabase } from '../support/postgres.ts';
import { freePorts, hasHaproxy, PATH } from './balancer.ts';

if (hasHaproxy && hasPostgres)
  test('the three processes of the README start, serve and stop as they stand there', async () => {
    const examples = await readExamples('README.md', 'cluster example');
    expect(examples.map(({ name }) => name)).toEqual(['start', 'balance', 'stop']);
    const folder = mkdtempSync(join(tmpdir(), 'roster-readme-'));
    const { cert, key } = await makeSelfSigned(['localhost'], Date.now());
    writeFileSync(join(folder, 'tls.pem'), cert + key, { mode: 0o600 });
    const database = await temporaryDatabase();
    const ports = await freePorts();
    // ports that are free here, files of this test, and the packages that are installed already
    const replaced: readonly (readonly [string | RegExp, string])[] = [
      ...['8443', '8080', '8081', '8082'].map((port, index) => [port, String(ports[index])] as const),
      ['deploy/secrets', folder],
      ['/tmp/roster-balancer.sock', join(folder, 'stats.sock')],
      [/^deploy\/make-secrets\n/m, ''],
      [/^npm ci\n/m, ''],
    ];
    const adapted = examples.map(({ name, commands }) => ({
      name,
      commands: replaced.reduce((text, [from, to]) => text.replaceAll(new RegExp(from, 'gm'), to), commands),
    }));
    try {
      const { output } = await runExamples(
        // an example that fails leaves no process behind
        [{ name: 'trap', commands: "trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n" }, ...adapted],
        {
          PATH,
          ROSTER_DATABASE_URL: database.url,
          ROSTER_SECRET_KEY: 'a secret key of more than 32 characters',
        },
      );
      expect(output.balance).toMatch(/"totalResults": ?0,/);
      for (const port of ports.slice(1)) expect(Object.values(output).join('')).toContain(`:${port}`);
    } finally {
      await database.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
