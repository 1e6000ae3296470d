import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of src/: its path below src/ with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One import of a file. */
export interface Import {
  /** As written: './path.ts', 'kysely', 'node:fs'. */
  readonly specifier: string;
  readonly line: number;
}

// Statements begin a line (the formatter sees to it), which keeps examples in doc comments out.
const comment = String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`;
const statement = new RegExp(
  String.raw`^[ \t]*(?:import|export)\b(?:(?:[\w\s{},*$]|${comment})*?\bfrom)?\s*(['"])([^'"\n]+)\1`,
  'gm',
);
const call = /\bimport\s*\(\s*(['"`])([^'"`\n]+)\1/g;
/** An `import()` that does not name its file in the source. */
export const computedCall = /\bimport\s*\(\s*(?!['"`\s]|\/\*)/g;
const workerFile = /\bnew\s+URL\(\s*(['"])(\.{1,2}\/[^'"\n]+)\1\s*,\s*import\.meta\.url/g;

/** The text with comments that fill whole lines emptied, so that line numbers stay. */
export function withoutCommentLines(text: string): string {
  return text
    .replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, (block) => block.replace(/[^\n]/g, ''))
    .replace(/^[ \t]*\/\/.*$/gm, '')
    .replace(/[ \t]\/\/ .*$/gm, '');
}

/** The number, from 1, of the line that the character at `index` is on. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** Every import of a file: static (`import type` and re-exports too), `import()` and worker files. */
export function importsOf(text: string): readonly Import[] {
  const code = withoutCommentLines(text);
  return [statement, call, workerFile].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => ({
      specifier: match[2] ?? '',
      // The statement's last line: where the specifier stands.
      line: lineAt(code, match.index + match[0].length),
    })),
  );
}

/** Whether an import names a file and not a package or a Node module. */
export function isRelative(specifier: string): boolean {
  return specifier.startsWith('./') || specifier.startsWith('../');
}

/** Circles of imports, each once, as 'a.ts -> b.ts -> a.ts'. */
export function importCircles(files: readonly SourceFile[]): readonly string[] {
  const graph = new Map(
    files.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter(({ specifier }) => isRelative(specifier))
        .map(({ specifier }) => posix.join(posix.dirname(path), specifier)),
    ]),
  );
  const circles: string[] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      circles.push([...trail.slice(start), path].join(' -> '));
    } else if (!finished.has(path)) {
      for (const target of graph.get(path) ?? []) {
        visit(target, [...trail, path]);
      }
      finished.add(path);
    }
  };
  for (const path of graph.keys()) {
    visit(path, []);
  }
  return circles;
}

/** Every TypeScript file of a directory of the repository, sorted by path. */
export function readSources(place = 'src'): readonly SourceFile[] {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', place);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      path: path
        .slice(root.length + 1)
        .split('\\')
        .join('/'),
      text: readFileSync(path, 'utf8'),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
