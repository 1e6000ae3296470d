import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  importCircles,
  importsOf,
  isRelative,
  readSources,
  type SourceFile,
  withoutCommentLines,
} from './import-graph.ts';

/** All that the console may know of the server, by `import type`. */
const CONTRACT = '../../src/http/admin/contract/';

/** What each place of console/src may import from the others. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  // what is told in the corner is told from where calls are made
  'api/': ['api/', 'ui/tell.ts'],
  'ui/': ['ui/', 'api/', 'shell/navigation-focus.ts'],
  'shell/': ['shell/', 'ui/', 'api/'],
  'connect/': ['connect/'],
  'pages/': ['pages/', 'connect/', 'shell/', 'ui/', 'api/', 'parents.ts', 'search.ts'],
};

/** Ways in which text could become markup, and styles that the policy of the page refuses. */
const MARKUP =
  /\bdangerouslySetInnerHTML\b|\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b|<style\b|\bjavascript:/;

const maximumLines = 400;

function breaches(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const place = Object.keys(PLACES).find((at) => path.startsWith(at));
    return importsOf(text)
      .filter(({ specifier }) => !mayImport(path, place, specifier, text))
      .map(({ specifier, line }) => `${path}:${line} imports ${specifier}`);
  });
}

function mayImport(path: string, place: string | undefined, specifier: string, text: string): boolean {
  if (!isRelative(specifier)) return !specifier.startsWith('node:') && specifier !== 'zod';
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith('../')) return target.startsWith(CONTRACT) && isTypeAlone(text, specifier);
  return place === undefined || (PLACES[place] ?? []).some((allowed) => target.startsWith(allowed));
}

const isTypeAlone = (text: string, specifier: string): boolean =>
  text
    .split(';')
    .filter((statement) => statement.includes(`'${specifier}'`))
    .every((statement) => statement.trimStart().startsWith('import type '));

const file = (path: string, text: string): SourceFile => ({ path, text });

describe('the console', () => {
  const sources = readSources('console/src');

  it('is found', () => {
    expect(sources.length).toBeGreaterThan(30);
  });

  it('knows nothing of the server but the types of the contract, and keeps its own layers', () => {
    expect(breaches(sources)).toEqual([]);
  });

  it('imports itself in no circle', () => {
    expect(importCircles(sources)).toEqual([]);
  });

  it('makes no markup of text', () => {
    const found = sources.filter(({ text }) => MARKUP.test(withoutCommentLines(text)));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it(`has files of at most ${maximumLines} lines`, () => {
    const long = sources.filter(({ text }) => text.split('\n').length > maximumLines + 1);
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});

describe('the check of the console', () => {
  it.each([
    ['api/client.ts', `import type { AdminApi } from '../../../src/http/admin/contract/admin-api.ts';`, true],
    ['api/client.ts', `import { ADMIN_ROUTES } from '../../../src/http/admin/contract/admin-api.ts';`, false],
    ['api/client.ts', `import type { Storage } from '../../../src/storage/storage.ts';`, false],
    ['api/client.ts', `import { readFile } from 'node:fs/promises';`, false],
    ['api/client.ts', `import { z } from 'zod';`, false],
    ['ui/table.tsx', `import { Text } from '@mantine/core';`, true],
    ['ui/table.tsx', `import { Users } from '../pages/users/users.tsx';`, false],
    ['shell/shell.tsx', `import { Users } from '../pages/users/users.tsx';`, false],
    ['pages/users/users.tsx', `import { PageHeader } from '../../ui/page-header.tsx';`, true],
    ['router.tsx', `import { userRoutes } from './pages/users/routes.ts';`, true],
  ])('%s: %s allowed: %s', (path, line, allowed) => {
    expect(breaches([file(path, line)])).toHaveLength(allowed ? 0 : 1);
  });

  it.each([
    '<div dangerouslySetInnerHTML={{ __html: text }} />',
    'element.innerHTML = text;',
    '<style>{css}</style>',
    `<a href="javascript:alert(1)">`,
  ])('knows that %s makes markup', (text) => {
    expect(MARKUP.test(text)).toBe(true);
  });
});
