// Fails where the first page of the console loads more script than somebody on a slow line would wait for.
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

/** Bytes of compressed script. */
const LIMIT = 250_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

const dist = new URL('./dist/', import.meta.url);

/** The chunks that the browser needs before it can run this one, and this one. */
function chunksOf(
  manifest: Readonly<Record<string, Chunk>>,
  name: string,
  found = new Set<string>(),
): Set<string> {
  const chunk = manifest[name];
  if (chunk === undefined) throw new Error(`the manifest of the console does not know ${name}`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const needed of chunk.imports ?? []) chunksOf(manifest, needed, found);
  return found;
}

const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', dist), 'utf8'));
// the first page that somebody sees who is signed in, with what is around it; and before that, the sign-in
for (const pages of [
  ['index.html', 'src/shell/shell.tsx', 'src/shell/tenant-frame.tsx', 'src/pages/home/home.tsx'],
  ['index.html', 'src/pages/sign-in/sign-in.tsx'],
]) {
  const files = new Set(pages.flatMap((page) => [...chunksOf(manifest, page)]));
  const sizes = await Promise.all(
    [...files].map(async (file) => gzipSync(await readFile(new URL(file, dist)), { level: 9 }).length),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`${pages.at(-1)}: ${Math.round(total / 1000)} kB of script, compressed`);
  if (total > LIMIT) {
    console.error(`That is more than ${LIMIT / 1000} kB.`);
    process.exitCode = 1;
  }
}
