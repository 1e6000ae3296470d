import { existsSync, readFileSync } from 'node:fs';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { DefinitionError, type JsonPath } from '../core/definition-error.ts';
import { isObject, type JsonValue, MAX_JSON_DEPTH } from '../core/json.ts';
import { ServiceError } from '../service/service-error.ts';

/** Bytes of a file; 1,000 attributes with long descriptions stay below. */
const MAX_FILE = 16 * 1024 * 1024;

/** A JSON document from a file, whose faults are told with their lines. */
export interface DefinitionFile {
  readonly json: JsonValue;
  /** Runs what reads the document. @throws ServiceError with the line, in place of a DefinitionError */
  locating<T>(work: () => Promise<T>): Promise<T>;
}

/** @throws ServiceError when the file can't be read or is no JSON, with the line */
export function readDefinitionFile(file: string): DefinitionFile {
  const text = readFile(file);
  const fail = (offset: number, reason: string) =>
    new ServiceError('invalid', `${file}, line ${lineAt(text, offset)}: ${reason}`);
  const errors: ParseError[] = [];
  const root = treeOf(text, errors);
  const [first] = errors;
  if (first !== undefined || root === undefined)
    throw fail(first?.offset ?? 0, `this is no JSON: ${first ? problemText(first) : 'nested too deep'}.`);
  const fault = shapeFault(root);
  if (fault !== undefined) throw fail(fault.offset, fault.reason);
  return {
    json: JSON.parse(text) as JsonValue,
    async locating(work) {
      try {
        return await work();
      } catch (error) {
        throw error instanceof DefinitionError ? fail(offsetOf(root, error.path), error.message) : error;
      }
    },
  };
}

function readFile(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ServiceError(reason === 'ENOENT' ? 'notFound' : 'failed', `${file} can't be read: ${reason}.`);
  }
  if (bytes.length > MAX_FILE)
    throw new ServiceError('invalid', `${file} is larger than ${MAX_FILE / 1024 / 1024} MiB.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ServiceError('invalid', `${file} is not valid UTF-8.`);
  }
}

/** @returns undefined for what is nested so deep that it can't be read */
function treeOf(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `CommaExpected` as words. */
const problemText = ({ error }: ParseError): string =>
  printParseErrorCode(error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** What JSON.parse would let through: a name that is given twice, and too deep nesting. */
function shapeFault(root: Node): { offset: number; reason: string } | undefined {
  const open: { node: Node; depth: number }[] = [{ node: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > 2 * MAX_JSON_DEPTH) return { offset: node.offset, reason: 'the JSON is nested too deep.' };
    const names = new Set<unknown>();
    for (const child of node.children ?? []) {
      const [key] = node.type === 'object' ? (child.children ?? []) : [];
      if (key !== undefined && names.has(key.value))
        return { offset: key.offset, reason: `"${key.value}" is given twice.` };
      if (key !== undefined) names.add(key.value);
      open.push({ node: child, depth: depth + 1 });
    }
  }
  return undefined;
}

/** The place of a fault, or of the nearest that there is around it. */
function offsetOf(root: Node, path: JsonPath): number {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return (node.parent?.type === 'property' ? node.parent : node).offset;
  }
  return root.offset;
}

/**
 * What a command is about: the argument itself where it has the form of a name, else what a file says.
 *
 * @param key the member of the file's document that holds the name
 * @throws ServiceError
 */
export function nameFrom(nameOrFile: string, key: string, form: RegExp): string {
  if (form.test(nameOrFile) && !existsSync(nameOrFile)) return nameOrFile;
  const { json } = readDefinitionFile(nameOrFile);
  const name = isObject(json) ? json[key] : undefined;
  if (typeof name === 'string') return name;
  throw new ServiceError('invalid', `${nameOrFile} has no "${key}".`);
}
