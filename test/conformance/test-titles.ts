import { readdirSync, readFileSync } from 'node:fs';

/** A conformance test: its file, and what its title says. */
export interface TestTitle {
  readonly file: string;
  /** RFC and section that the title begins with: `7644 3.5.2.3`. */
  readonly rfc: string;
  readonly section: string;
  /** Requirements that the test shows. */
  readonly ids: readonly string[];
  /** The title behind the ids. */
  readonly text: string;
}

const TEST_CALL = /^\s*(?:test|it)\b/;
const TITLE = /(['"`])RFC (\d{4}) (\S+) ((?:\[[\d.-]+\] ?)+)((?:\\.|(?!\1).)+)\1/;

/**
 * Titles of the tests in a directory, read from the sources. A title stands in one line, after `test(` or after the table of a `test.each`.
 *
 * @throws Error for a test file with a test whose title names no requirement
 */
export function testTitles(directory: string): TestTitle[] {
  const files = readdirSync(directory).filter((file) => /^rfc\d{4}.*\.test\.ts$/.test(file));
  return files.sort().flatMap((file) => {
    const lines = readFileSync(`${directory}/${file}`, 'utf8').split('\n');
    const titles = lines.flatMap((line) => titleIn(line, file) ?? []);
    const calls = lines.filter((line) => TEST_CALL.test(line)).length;
    if (titles.length !== calls)
      throw new Error(`${file}: ${calls} tests, but ${titles.length} titles that name a requirement`);
    return titles;
  });
}

function titleIn(line: string, file: string): TestTitle | undefined {
  const [, , rfc, section, ids, text] = TITLE.exec(line) ?? [];
  if (rfc === undefined || section === undefined || ids === undefined || text === undefined) return undefined;
  return { file, rfc, section, ids: ids.match(/[\d.-]+/g) ?? [], text: text.replaceAll(/\\(.)/g, '$1') };
}
