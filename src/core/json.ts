import { invalidSyntax } from './error.ts';

/** A JSON value as parsed. Objects are only ever walked through the schema or with own keys. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Nesting that no SCIM message comes near; checked before anything recurses over the value. */
export const MAX_JSON_DEPTH = 32;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object without a prototype, so that no key can reach one. */
export const emptyObject = (): JsonObject => Object.create(null) as JsonObject;

/**
 * Parses a JSON text and refuses what JSON.parse lets through: nesting past 32 levels and an object that names
 * a key twice (the last one would win silently). Deeper or doubled input is found before the value is built.
 *
 * @throws ScimError 400 invalidSyntax
 */
export function parseJson(text: string): JsonValue {
  checkShape(text);
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw invalidSyntax('The request body is not valid JSON.');
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** One pass over the characters: depth, and per open object the keys seen so far. Malformed text is left to JSON.parse. */
function checkShape(text: string): void {
  const open: (KeyList | undefined)[] = [];
  let keys: KeyList | undefined;
  let expectKey = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = stringEnd(text, at);
        if (end < 0) return;
        if (expectKey && keys !== undefined) {
          if (!keys.add(text.slice(at + 1, end)))
            throw invalidSyntax('An object in the request body names a key twice.');
          expectKey = false;
        }
        at = end;
        break;
      }
      case 0x7b: // {
        open.push(keys);
        keys = new KeyList();
        expectKey = true;
        break;
      case 0x5b: // [
        open.push(keys);
        keys = undefined;
        expectKey = false;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        keys = open.pop();
        expectKey = false;
        break;
      case 0x2c: // ,
        expectKey = keys !== undefined;
        break;
    }
    if (open.length > MAX_JSON_DEPTH)
      throw invalidSyntax(`The request body is nested deeper than ${MAX_JSON_DEPTH} levels.`);
  }
}

function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return -1;
}

/** The keys of one object: a short array is faster than a set for the few keys that objects really have. */
class KeyList {
  #few: string[] = [];
  #many: Set<string> | undefined;

  /** @returns false when the key was there already */
  add(rawKey: string): boolean {
    const key = rawKey.includes('\\') ? unescapeKey(rawKey) : rawKey;
    if (this.#many !== undefined) {
      const before = this.#many.size;
      return this.#many.add(key).size > before;
    }
    if (this.#few.includes(key)) return false;
    this.#few.push(key);
    if (this.#few.length > 16) this.#many = new Set(this.#few);
    return true;
  }
}

function unescapeKey(rawKey: string): string {
  try {
    return JSON.parse(`"${rawKey}"`) as string;
  } catch {
    return rawKey; // JSON.parse of the whole text reports it
  }
}

/** Whether two JSON values are the same, whatever the order of keys. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

/** A deep copy on objects without a prototype. */
export function copyJson<T extends JsonValue>(value: T): T {
  if (Array.isArray(value)) return value.map(copyJson) as T;
  if (!isObject(value)) return value;
  const copy = emptyObject();
  for (const key of Object.keys(value)) copy[key] = copyJson(value[key] as JsonValue);
  return copy as T;
}
