/** What a curl command sends. */
export interface CurlRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const WORD = /(?:'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[\s\S]|[^\s'"\\])+/g;
const PART = /'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])|([^\s'"\\]+)/g;

/** The words that a POSIX shell makes of a line without variables. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(WORD)].map(([word]) =>
    [...word.matchAll(PART)]
      .map(([, single, double, escaped, plain]) => single ?? unescaped(double) ?? escaped ?? plain)
      .join(''),
  );

const unescaped = (text: string | undefined): string | undefined => text?.replace(/\\([\\"$`\n])/g, '$1');

/**
 * Reads a curl command as a shell and curl do.
 *
 * @throws Error for an option that it does not know, and for a command without one URL
 */
export function parseCurl(line: string): CurlRequest {
  const [program, ...words] = wordsOf(line);
  if (program !== 'curl') throw new Error(`no curl command: ${line}`);
  const headers: Record<string, string> = { accept: '*/*' };
  const urls: string[] = [];
  let method: string | undefined;
  let body: string | undefined;
  const argumentOf = (option: string): string => {
    const value = words.shift();
    if (value === undefined) throw new Error(`${option} has no value: ${line}`);
    return value;
  };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '-v' || word === '-k') continue;
    if (word === '-X') method = argumentOf(word);
    else if (word === '-d' || word === '--data') {
      body = argumentOf(word);
      headers['content-type'] ??= 'application/x-www-form-urlencoded';
    } else if (word === '-H' || word === '--header') {
      const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(argumentOf(word)) ?? [];
      headers[name.toLowerCase()] = value;
    } else if (word === '--user') {
      headers.authorization = `Basic ${Buffer.from(argumentOf(word)).toString('base64')}`;
    } else if (word.startsWith('-')) throw new Error(`unknown option ${word}: ${line}`);
    else urls.push(word);
  }
  const [url, ...others] = urls;
  if (url === undefined || others.length > 0) throw new Error(`not one URL: ${line}`);
  const { pathname, search } = new URL(url);
  const path = pathname + search;
  return { method: method ?? (body === undefined ? 'GET' : 'POST'), path, headers, body };
}
