import { DefinitionError, type JsonPath } from './definition-error.ts';
import { isObject, type JsonValue } from './json.ts';
import { shorten } from './path.ts';

/** The members of an object that its definition gives a meaning, by their names as the RFC spells them. */
export interface Members {
  readonly path: JsonPath;
  readonly what: string;
  readonly values: ReadonlyMap<string, { readonly value: JsonValue; readonly path: JsonPath }>;
}

/** Most characters of a description. */
const MAX_TEXT = 10_000;

/**
 * Reads an object. Names compare without case (RFC 7643 section 2.1), those that mean nothing are mistakes.
 *
 * @param what what the object is, for messages
 * @throws DefinitionError
 */
export function readMembers(
  json: JsonValue,
  path: JsonPath,
  what: string,
  names: readonly string[],
): Members {
  if (!isObject(json)) throw new DefinitionError(path, `${what} must be an object.`);
  const known = new Map(names.map((name) => [name.toLowerCase(), name]));
  const values = new Map<string, { value: JsonValue; path: JsonPath }>();
  for (const key of Object.keys(json)) {
    const name = known.get(key.toLowerCase());
    const here = [...path, key];
    if (name === undefined) throw new DefinitionError(here, `${what} has no "${shorten(key)}".`);
    if (values.has(name)) throw new DefinitionError(here, `"${name}" is given twice.`);
    const value = json[key] as JsonValue;
    // null is the same as absence (RFC 7643 section 2.5)
    if (value !== null) values.set(name, { value, path: here });
  }
  return { path, what, values };
}

/** @throws DefinitionError when it is no text, or longer than it may be */
export function readText(members: Members, name: string, most = MAX_TEXT): string | undefined {
  const member = members.values.get(name);
  if (member === undefined) return undefined;
  if (typeof member.value !== 'string') throw new DefinitionError(member.path, `"${name}" must be a string.`);
  if (member.value.length > most)
    throw new DefinitionError(member.path, `"${name}" is longer than ${most} characters.`);
  if (!member.value.isWellFormed() || member.value.includes('\u0000'))
    throw new DefinitionError(member.path, `"${name}" holds a character that is none.`);
  return member.value;
}

/** @throws DefinitionError when it is absent or no text, or longer than it may be */
export function requireText(members: Members, name: string, most = MAX_TEXT): string {
  const text = readText(members, name, most);
  if (text === undefined || text === '')
    throw new DefinitionError(pathOf(members, name), `${members.what} needs "${name}".`);
  return text;
}

/** @throws DefinitionError when it is neither true nor false */
export function readBoolean(members: Members, name: string): boolean | undefined {
  const member = members.values.get(name);
  if (member === undefined) return undefined;
  if (typeof member.value !== 'boolean')
    throw new DefinitionError(member.path, `"${name}" must be true or false.`);
  return member.value;
}

/** @throws DefinitionError when it is none of the words */
export function readWord<Word extends string>(
  members: Members,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const member = members.values.get(name);
  if (member === undefined) return undefined;
  const word = words.find((known) => known === member.value);
  if (word === undefined)
    throw new DefinitionError(member.path, `"${name}" must be one of ${words.join(', ')}.`);
  return word;
}

/** @throws DefinitionError when it is no array */
export function readArray(members: Members, name: string): readonly JsonValue[] | undefined {
  const member = members.values.get(name);
  if (member === undefined) return undefined;
  if (!Array.isArray(member.value)) throw new DefinitionError(member.path, `"${name}" must be an array.`);
  return member.value;
}

/**
 * Reads an array of different texts, none of them empty.
 *
 * @throws DefinitionError
 */
export function readTexts(members: Members, name: string): string[] | undefined {
  const path = pathOf(members, name);
  const texts = readArray(members, name);
  if (texts === undefined) return undefined;
  if (texts.length > 1000) throw new DefinitionError(path, `"${name}" holds more than 1000 values.`);
  const seen = new Set<string>();
  texts.forEach((text, index) => {
    const here = [...path, index];
    if (typeof text !== 'string' || text === '' || text.length > 1000 || !text.isWellFormed())
      throw new DefinitionError(here, `"${name}" must hold strings of 1 to 1000 characters.`);
    if (seen.has(text)) throw new DefinitionError(here, `"${name}" holds ${shorten(text)} twice.`);
    seen.add(text);
  });
  return [...seen];
}

/** Where a member is, or the object that should have it. */
export const pathOf = ({ path, values }: Members, name: string): JsonPath => values.get(name)?.path ?? path;

const URN = /^urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9](?::[a-z0-9._-]+)+$/i;

/**
 * Reads the URN of a schema (RFC 8141, without the characters that paths of attributes and URLs give a meaning).
 *
 * @throws DefinitionError
 */
export function requireUrn(members: Members, name: string): string {
  const urn = requireText(members, name, 255);
  if (!URN.test(urn))
    throw new DefinitionError(
      pathOf(members, name),
      `"${name}" must be a URN such as urn:example:params:scim:schemas:2.0:Device, of letters, digits, ".", "_" and "-" between its colons.`,
    );
  return urn;
}
