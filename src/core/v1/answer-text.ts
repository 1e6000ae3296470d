import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { ResourceType } from '../resource-type.ts';
import { CORE_SCHEMA_1, extensionNames, type Parts } from './names.ts';
import { storeNaming } from './store-naming.ts';

/**
 * What to look for in the stored texts of a type. They are JSON as `docText` writes it, so that a quote that no backslash
 * precedes is no part of a value, and a key is found by the text around it.
 */
export interface TextForm {
  /** How the text of a resource without extensions begins, and how the answer does. */
  readonly head2: string;
  readonly head1: string;
  readonly extensions: readonly ExtensionForm[];
  /** What stands before the value of the name that tells the user store. */
  readonly nameKey: string | undefined;
  readonly namesPrimary: boolean;
}

interface ExtensionForm {
  readonly isShown: boolean;
  readonly quotedUrn2: string;
  readonly quotedUrn1: string;
  readonly key2: string;
  readonly key1: string;
  readonly attributes: readonly { readonly key: string; readonly parts: Parts }[];
}

const forms = new WeakMap<ResourceType, TextForm>();

/** The form of a type's texts, made once. */
export function textForm(type: ResourceType): TextForm {
  let form = forms.get(type);
  if (form === undefined) {
    form = makeForm(type);
    forms.set(type, form);
  }
  return form;
}

function makeForm(type: ResourceType): TextForm {
  const naming = storeNaming(type);
  return {
    head2: `{"schemas":[${JSON.stringify(type.schema.id)}]`,
    head1: `{"schemas":["${CORE_SCHEMA_1}"]`,
    extensions: type.extensions.flatMap((extension) => {
      const { urn, parts, isShown } = extensionNames(extension);
      if (urn === extension.schema.id && isShown) return [];
      const quotedUrn2 = JSON.stringify(extension.schema.id);
      const quotedUrn1 = JSON.stringify(urn);
      const attributes = [...parts].map(([name, names]) => ({ key: `"${name}":`, parts: names }));
      return [
        { isShown, quotedUrn2, quotedUrn1, key2: `,${quotedUrn2}:`, key1: `,${quotedUrn1}:`, attributes },
      ];
    }),
    nameKey: naming && `,"${naming.attribute.name}":"`,
    namesPrimary: naming?.namesPrimary ?? false,
  };
}

/**
 * The text of a resource of 1.1 made from a stored one, without the last brace.
 *
 * @returns undefined when a value has no part that 1.1 shows, so that more than names has to be changed
 */
export function translateText(type: ResourceType, doc: string): string | undefined {
  const { head2, head1, extensions } = textForm(type);
  if (doc.startsWith(head2)) return head1 + doc.slice(head2.length, -1);
  const end = doc.indexOf(SCHEMAS_END);
  let schemas = head1.slice(0, -1) + doc.slice(head2.length - 1, end);
  let rest = doc.slice(end, -1);
  for (const extension of extensions) {
    const at = rest.indexOf(extension.key2);
    if (at < 0) continue;
    const start = at + extension.key2.length;
    const stop = valueEnd(rest, start);
    if (!extension.isShown) {
      schemas = schemas.replace(`,${extension.quotedUrn2}`, '');
      rest = rest.slice(0, at) + rest.slice(stop);
      continue;
    }
    schemas = schemas.replace(extension.quotedUrn2, extension.quotedUrn1);
    const container = translateContainer(rest.slice(start, stop), extension);
    if (container === undefined) return undefined;
    rest = rest.slice(0, at) + extension.key1 + container + rest.slice(stop);
  }
  return schemas + rest;
}

const SCHEMAS_END = '],"id":';

function translateContainer(text: string, { attributes }: ExtensionForm): string | undefined {
  let container = text;
  for (const { key, parts } of attributes) {
    const at = container.indexOf(key);
    if (at < 0) continue;
    const start = at + key.length;
    const stop = valueEnd(container, start);
    const value = pickParts(JSON.parse(container.slice(start, stop)) as JsonValue, parts);
    if (value === undefined) return undefined;
    container = container.slice(0, start) + JSON.stringify(value) + container.slice(stop);
  }
  return container;
}

/**
 * The parts of a value that 1.1 shows, under their names there.
 *
 * @returns undefined when there are none
 */
export function pickParts(value: JsonValue, parts: Parts): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const picked: JsonObject = {};
  for (const [name2, name1] of parts) if (value[name2] !== undefined) picked[name1] = value[name2];
  return Object.keys(picked).length === 0 ? undefined : picked;
}

/** Where an object in a JSON text ends. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at);
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  return text.length;
}

/** Where the string that begins with the quote at `start` has its other quote. */
export function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
