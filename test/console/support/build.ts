import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const BUILT = join(root, 'console/dist/index.html');

/** What the built console is made from; the packages by the file that npm writes when it installs some. */
const SOURCES = ['console', 'src/http/admin/contract', 'node_modules/.package-lock.json'];

const NOT_SOURCES = new Set(['dist', 'node_modules']);

/** Builds the console once before its tests, where it is absent or older than its sources. */
export function setup(): void {
  const built = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (SOURCES.every((source) => newestIn(join(root, source)) <= built)) return;
  // as it is shipped: in the environment of tests it would be one for development, and larger
  const env = { ...process.env, NODE_ENV: 'production' };
  execFileSync(process.execPath, [join(root, 'console/build.js')], { cwd: root, stdio: 'inherit', env });
}

/** When the last of the files below a path was changed. */
function newestIn(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return stat?.mtimeMs ?? 0;
  const names = readdirSync(path).filter((name) => !NOT_SOURCES.has(name));
  return Math.max(0, ...names.map((name) => newestIn(join(path, name))));
}
