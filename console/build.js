// Builds the console into console/dist: part of `npm ci`, and of `npm pack`. Left out, with a line that says so, where
// the programs for it or the sources are not installed; the server then serves a page that tells how to build it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const directory = fileURLToPath(new URL('.', import.meta.url));

/** Texts shorter than this are sent faster as they are. */
const WORTH_COMPRESSING = 1024;

const isInstalled = (name) => {
  try {
    return Boolean(import.meta.resolve(name));
  } catch {
    return false;
  }
};

const missing = !existsSync(join(directory, 'vite.config.ts'))
  ? 'its sources are not here'
  : isInstalled('vite')
    ? undefined
    : 'vite is a development dependency, and those are not installed';

if (missing !== undefined) {
  console.log(`The console is not built: ${missing}.`);
} else {
  const { build } = await import('vite');
  await build({ configFile: join(directory, 'vite.config.ts'), logLevel: 'warn' });
  compress(join(directory, 'dist', 'assets'));
  console.log('The console is built.');
}

/** Compresses once what would else be compressed for every reader. */
function compress(assets) {
  for (const name of readdirSync(assets)) {
    if (!/\.(?:js|css|svg)$/.test(name)) continue;
    const content = readFileSync(join(assets, name));
    if (content.length >= WORTH_COMPRESSING)
      writeFileSync(join(assets, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}
