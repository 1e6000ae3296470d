import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  computedCall,
  importCircles,
  importsOf,
  isRelative,
  lineAt,
  readSources,
  type SourceFile,
  withoutCommentLines,
} from './import-graph.ts';

/** What the files below one place in src/ may import. The first row whose `at` fits a file is the file's row. */
interface Layer {
  /** A directory of src/ (ends in a slash) or one file of it. */
  readonly at: string;
  /** Directories and files of src/ that it may import. */
  readonly files: readonly string[];
  readonly nodeModules: 'all' | 'none';
  readonly packages: 'all' | readonly string[];
  /** Packages and Node modules that it may not import all the same. */
  readonly never: readonly string[];
}

const sql = ['better-sqlite3', 'kysely', 'pg', 'node:sqlite'];
const transport = ['fastify', 'node:http', 'node:https', 'node:http2'];

/** What the services know of a storage, and what that is said in. */
const contractFiles = ['audit', 'directory', 'operators', 'records', 'request-log', 'storage'].map(
  (name) => `storage/${name}.ts`,
);
const contracts = ['core/', ...contractFiles];

const layers: readonly Layer[] = [
  { at: 'core/', files: ['core/'], nodeModules: 'none', packages: [], never: [] },
  ...contractFiles.map(
    (at): Layer => ({ at, files: contracts, nodeModules: 'none', packages: [], never: [] }),
  ),
  {
    at: 'storage/',
    files: ['storage/', 'core/'],
    nodeModules: 'all',
    packages: 'all',
    never: [...transport, 'zod', 'commander'],
  },
  {
    at: 'service/',
    files: ['service/', ...contracts],
    nodeModules: 'all',
    packages: 'all',
    never: [...transport, ...sql, 'zod', 'commander'],
  },
  {
    at: 'http/',
    files: ['http/', 'service/', 'core/', 'config.ts'],
    nodeModules: 'all',
    packages: 'all',
    never: [...sql, 'commander'],
  },
  {
    at: 'config.ts',
    files: ['oidc-setting.ts', 'setting-file.ts', 'setting-texts.ts', 'spelling.ts'],
    nodeModules: 'all',
    packages: ['zod'],
    never: [],
  },
  { at: 'oidc-setting.ts', files: ['setting-file.ts'], nodeModules: 'all', packages: [], never: [] },
  { at: 'setting-file.ts', files: [], nodeModules: 'all', packages: [], never: [] },
  { at: 'setting-texts.ts', files: [], nodeModules: 'none', packages: [], never: [] },
  { at: 'spelling.ts', files: [], nodeModules: 'none', packages: [], never: [] },
  {
    at: 'cli/',
    files: ['cli/', 'http/', 'service/', 'storage/', 'core/', 'config.ts'],
    nodeModules: 'all',
    packages: 'all',
    never: [],
  },
];

/** What the code of core/ may not say, because its results depend on its arguments alone. */
const impure: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Date.now', /\bDate\.now\b/],
  ['new Date()', /\bnew\s+Date(?:\s*\(\s*\)|(?!\s*\(|\w))/],
  ['Date()', /(?<!new\s+)\bDate\s*\(/],
  ['Math.random', /\bMath\.random\b/],
  ['crypto', /\bcrypto\./],
  ['performance', /\bperformance\./],
  ['process', /\bprocess\./],
  ['a timer', /\bset(?:Timeout|Interval|Immediate)\s*\(/],
  ['fetch', /(?<![.\w])fetch\s*\(/],
];

const maximumLines = 400;
const dataFiles = 'core/schemas/';

const defaultExport = /^[ \t]*export\s+default\b|^[ \t]*export\s*\{[^}]*\bas\s+default\b/m;

function isWithin(path: string, places: readonly string[]): boolean {
  return places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function mayImport(layer: Layer, from: string, specifier: string): boolean {
  if (isRelative(specifier)) {
    return isWithin(posix.join(posix.dirname(from), specifier), layer.files);
  }
  const name = packageOf(specifier);
  if (layer.never.includes(name)) {
    return false;
  }
  if (name.startsWith('node:')) {
    return layer.nodeModules === 'all';
  }
  return layer.packages === 'all' || layer.packages.includes(name);
}

/** Import statements that the table above does not allow, and files that no row of it is about. */
function layerBreaches(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const layer = layers.find(({ at }) => isWithin(path, [at]));
    if (layer === undefined) {
      return [`${path} belongs to no layer`];
    }
    const forbidden = importsOf(text)
      .filter(({ specifier }) => !mayImport(layer, path, specifier))
      .map(({ specifier, line }) => `${path}:${line} imports ${specifier}`);
    const code = withoutCommentLines(text);
    const computed = [...code.matchAll(computedCall)].map(
      ({ index }) => `${path}:${lineAt(code, index)} imports a computed name`,
    );
    return [...forbidden, ...computed];
  });
}

function impureCode(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => path.startsWith('core/'))
    .flatMap(({ path, text }) =>
      withoutCommentLines(text)
        .split('\n')
        .flatMap((line, index) =>
          impure
            .filter(([, pattern]) => pattern.test(line))
            .map(([name]) => `${path}:${index + 1} uses ${name}`),
        ),
    );
}

function longFiles(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => !path.startsWith(dataFiles))
    .map(({ path, text }) => ({ path, lines: text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > maximumLines)
    .map(({ path, lines }) => `${path} has ${lines} lines`);
}

function defaultExports(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ text }) => defaultExport.test(withoutCommentLines(text)))
    .map(({ path }) => `${path} has a default export`);
}

const file = (path: string, text: string): SourceFile => ({ path, text });

describe('the sources', () => {
  const sources = readSources();

  it('are found', () => {
    expect(sources.length).toBeGreaterThan(0);
  });

  it('import only what their layer may', () => {
    expect(layerBreaches(sources)).toEqual([]);
  });

  it('import each other in no circle', () => {
    expect(importCircles(sources)).toEqual([]);
  });

  it('are pure in core', () => {
    expect(impureCode(sources)).toEqual([]);
  });

  it(`have at most ${maximumLines} lines, schema data aside`, () => {
    expect(longFiles(sources)).toEqual([]);
  });

  it('have no default export', () => {
    expect(defaultExports(sources)).toEqual([]);
  });
});

describe('the check of layers', () => {
  const cases: readonly (readonly [path: string, line: string, allowed: boolean])[] = [
    ['core/patch.ts', `import { parsePath } from './path.ts';`, true],
    ['core/v1/patch.ts', `import { parsePath } from '../path.ts';`, true],
    ['core/patch.ts', `import type { Storage } from '../storage/storage.ts';`, false],
    ['core/patch.ts', `import { createHash } from 'node:crypto';`, false],
    ['core/patch.ts', `import { z } from 'zod';`, false],
    ['storage/storage.ts', `import type { Filter } from '../core/filter.ts';`, true],
    ['storage/storage.ts', `import type { Database } from './sql/sqlite.ts';`, false],
    ['storage/sql/sqlite.ts', `import Database from 'better-sqlite3';`, true],
    ['storage/sql/sqlite.ts', `import type { Storage } from '../storage.ts';`, true],
    ['storage/sql/sqlite.ts', `import { Worker } from 'node:worker_threads';`, true],
    ['storage/sql/sqlite.ts', `import { createUser } from '../../service/resources.ts';`, false],
    ['storage/sql/sqlite.ts', `import { z } from 'zod';`, false],
    ['storage/sql/sqlite.ts', `import { loadConfig } from '../../config.ts';`, false],
    ['service/resources.ts', `import type { Storage } from '../storage/storage.ts';`, true],
    ['service/resources.ts', `import { randomUUID } from 'node:crypto';`, true],
    ['service/resources.ts', `import { tenants } from './tenants.ts';`, true],
    ['service/resources.ts', `import { openSqlite } from '../storage/sql/sqlite.ts';`, false],
    ['service/resources.ts', `import { route } from '../http/app.ts';`, false],
    ['service/resources.ts', `import type { Config } from '../config.ts';`, false],
    ['service/resources.ts', `import { sql } from 'kysely';`, false],
    ['service/resources.ts', `import fastify from 'fastify';`, false],
    ['http/app.ts', `import fastify from 'fastify';`, true],
    ['http/app.ts', `import { ScimError } from '../core/error.ts';`, true],
    ['http/app.ts', `import type { Config } from '../config.ts';`, true],
    ['http/app.ts', `import { createResources } from '../service/resources.ts';`, true],
    ['http/scim/users.ts', `import type { Storage } from '../../storage/storage.ts';`, false],
    ['http/app.ts', `import { serve } from '../cli/serve.ts';`, false],
    ['http/app.ts', `import Database from 'better-sqlite3';`, false],
    ['cli/serve.ts', `import { openSqlite } from '../storage/sql/sqlite.ts';`, true],
    ['cli/serve.ts', `import { Command } from 'commander';`, true],
    ['cli/serve.ts', `import { version } from '../../package.ts';`, false],
    ['config.ts', `import { z } from 'zod';`, true],
    ['config.ts', `import { ScimError } from './core/error.ts';`, false],
    ['config.ts', `import pino from 'pino';`, false],
  ];

  it.each(cases)('%s: %s allowed: %s', (path, line, allowed) => {
    expect(layerBreaches([file(path, line)])).toHaveLength(allowed ? 0 : 1);
  });

  it('knows a file that belongs to no layer, and an import() of a computed name', () => {
    expect(layerBreaches([file('utils.ts', '')])).toEqual(['utils.ts belongs to no layer']);
    expect(layerBreaches([file('cli/main.ts', '\nawait import(name);')])).toEqual([
      'cli/main.ts:2 imports a computed name',
    ]);
  });

  it('sees every form of import, with its line, and no comment or string', () => {
    const text = [
      `import 'a';`,
      `import b, { type B } from "b";`,
      `import * as c from 'c';`,
      `import type { D } from './d.ts';`,
      'import {',
      '  one, // from the "left"',
      '  /* from */ type Two,',
      `} from '../e.ts';`,
      `export { f } from './f.ts';`,
      `export * from './g.ts';`,
      `export type { H } from '@scope/h/sub';`,
      `const i = await import('./i.ts');`,
      `const j: import('./j.ts').J = new Worker(new URL('./k.ts', import.meta.url));`,
      `// import 'no';`,
      '/**',
      ` * import { no } from './no.ts'; await import('./no.ts');`,
      ' */',
      `export const from = 'no';`,
      `export type Kind = 'no' | 'nor';`,
      `log("import x from 'no'"); // import('no')`,
    ].join('\n');
    const found = importsOf(text).map(({ specifier, line }) => `${line} ${specifier}`);
    expect(found.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))).toEqual([
      '1 a',
      '2 b',
      '3 c',
      '4 ./d.ts',
      '8 ../e.ts',
      '9 ./f.ts',
      '10 ./g.ts',
      '11 @scope/h/sub',
      '12 ./i.ts',
      '13 ./j.ts',
      '13 ./k.ts',
    ]);
  });
});

describe('the other checks', () => {
  it('find circles of any length, in type imports too', () => {
    const pair = [
      file('core/a.ts', `import './b.ts';`),
      file('core/b.ts', `import type { A } from './a.ts';`),
    ];
    expect(importCircles(pair)).toEqual(['core/a.ts -> core/b.ts -> core/a.ts']);
    expect(importCircles([file('core/a.ts', `import './a.ts';`)])).toEqual(['core/a.ts -> core/a.ts']);
    const diamond = [
      file('core/a.ts', `import './b.ts';\nimport './v1/c.ts';`),
      file('core/b.ts', `import './d.ts';`),
      file('core/v1/c.ts', `import '../d.ts';`),
      file('core/d.ts', ''),
    ];
    expect(importCircles(diamond)).toEqual([]);
  });

  it.each([
    ['const now = Date.now();', true],
    ['const now = new Date();', true],
    ['const now = new Date;', true],
    ['const now = Date();', true],
    ['const parsed = new Date(text);', false],
    ['const parsed = Date.parse(text);', false],
    ['class DateTime extends Base {}', false],
    ['const id = crypto.randomUUID();', true],
    ['const id = Math.random();', true],
    ['const started = performance.now();', true],
    ['const home = process.env.HOME;', true],
    ['setTimeout(retry, 10);', true],
    ['await fetch(url);', true],
    ['const row = source.fetch(url);', false],
    [' // Date.now() is the caller’s', false],
  ])('core may not read the clock, chance or the process: %s %s', (line, found) => {
    expect(impureCode([file('core/a.ts', line)])).toHaveLength(found ? 1 : 0);
    expect(impureCode([file('service/a.ts', line)])).toEqual([]);
  });

  it('count lines', () => {
    const full = 'x\n'.repeat(maximumLines);
    expect(longFiles([file('core/a.ts', full), file('core/schemas/user.ts', `${full}x\n`)])).toEqual([]);
    expect(longFiles([file('core/a.ts', `${full}x`)])).toEqual(['core/a.ts has 401 lines']);
  });

  it.each([
    ['export default {};', true],
    ['export default function main() {}', true],
    ['const a = 1;\nexport { a as default };', true],
    ['export const preset = 1; // not the export default', false],
    [`export { default as b } from 'b';`, false],
  ])('find default exports: %s %s', (text, found) => {
    expect(defaultExports([file('core/a.ts', text)])).toHaveLength(found ? 1 : 0);
  });
});
