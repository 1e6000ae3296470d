import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const checkout = fileURLToPath(new URL('..', import.meta.url));

/** Commands of a page that are marked as examples. */
export interface Example {
  readonly name: string;
  readonly commands: string;
}

/**
 * The shell examples of a page in their order.
 *
 * @param page its path in the repository
 * @param mark what a comment above an example says before the name: `<!-- example: create -->`
 */
export async function readExamples(page: string, mark: string): Promise<Example[]> {
  const pattern = new RegExp(`<!-- ${mark}: (\\w+) -->\\n\`\`\`sh\\n([\\s\\S]*?)\`\`\``, 'g');
  const text = await readFile(`${checkout}/${page}`, 'utf8');
  return [...text.matchAll(pattern)].map(([, name = '', commands = '']) => ({ name, commands }));
}

/**
 * Runs examples as one shell session in the checkout, which ends where one fails.
 *
 * @returns what each has written to stdout by its name, and the whole of stderr
 * @throws Error when one fails
 */
export async function runExamples(
  examples: readonly Example[],
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly output: Readonly<Record<string, string>>; readonly stderr: string }> {
  const script = examples.map(({ name, commands }) => `echo "=== ${name}"\n${commands}`).join('\n');
  const { stdout, stderr } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: checkout,
    env: { ...process.env, ...environment },
  });
  const output = stdout
    .split('=== ')
    .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)] as const);
  return { output: Object.fromEntries(output), stderr: stderr.replace(/^npm warn .*\n/gm, '') };
}
