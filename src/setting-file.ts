import { readFileSync } from 'node:fs';

/** Reads a file that holds the value of a setting, without the white space around it. */
export function readSettingFile(
  name: string,
  file: string,
): { readonly text: string; readonly problem?: never } | { readonly text?: never; readonly problem: string } {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? { problem: `${name}: ${file} holds nothing.` } : { text };
  } catch (error) {
    return { problem: `${name}: ${file} can't be read: ${(error as NodeJS.ErrnoException).code}.` };
  }
}
