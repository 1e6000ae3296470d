import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const directory = fileURLToPath(new URL('.', import.meta.url));

/**
 * Installs the peers from bench/package-lock.json when they are not there yet.
 *
 * @throws Error when npm fails
 */
export function installPeers(): void {
  if (existsSync(`${directory}node_modules/scimmy-routers`)) return;
  process.stderr.write('installing what Roster is compared with: npm ci in bench/\n');
  const npm = process.env.npm_execpath;
  const [command, prefix] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const args = [...prefix, 'ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  // npm's output goes to stderr: stdout belongs to the result.
  const { status } = spawnSync(command, args, { cwd: directory, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`npm ci in bench/ failed with ${status}`);
}
