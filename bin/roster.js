#!/usr/bin/env node
// Plain JavaScript that even Node 12 parses, so that an old Node gets a sentence instead of a syntax error
// or a crash inside the SQLite binary. That rules out top-level await, `node:` specifiers and `??` here.

// biome-ignore lint/style/useNodejsImportProtocol: Node 12.17 to 12.19 do not know the node: prefix.
import { existsSync } from 'fs';

var NEEDED_MAJOR = 24;

if (Number(process.versions.node.split('.')[0]) < NEEDED_MAJOR) {
  process.stderr.write(
    'roster: needs Node ' +
      NEEDED_MAJOR +
      ' or newer, this is Node ' +
      process.versions.node +
      '. In a checkout, "npm start" and "npm run -s roster -- COMMAND" use the Node that "npm ci" installs with it.\n',
  );
  process.exitCode = 1;
} else {
  // A checkout runs its sources; the published package has only the compiled files, because Node strips no types
  // below node_modules.
  const source = new URL('../src/cli/main.ts', import.meta.url);
  const compiled = new URL('../dist/cli/main.js', import.meta.url);
  import((existsSync(source) ? source : compiled).href).then((cli) => cli.main(process.argv.slice(2)));
}
