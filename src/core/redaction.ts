import { isObject, type JsonObject, type JsonValue } from './json.ts';
import type { Registry } from './registry.ts';
import type { Attribute } from './schema.ts';

/** What stands where a secret was. */
export const REMOVED = '[removed]';

/** Names under which clients send secrets whatever the schemas say, in lower case. */
const ALWAYS_SECRET = [
  ...[
    'password',
    'passwd',
    'pwd',
    'newpassword',
    'oldpassword',
    'currentpassword',
    'userpassword',
    'unicodepwd',
  ],
  ...['secret', 'clientsecret', 'client_secret', 'token', 'access_token', 'accesstoken', 'refresh_token'],
  ...['apikey', 'api_key', 'authorization', 'passphrase', 'passcode'],
];

/** The end of a name that sounds like one of a password: `initialPassword`, `password_confirmation`, not `passwordPolicy`. */
const SOUNDING =
  '(?:password|passwd|pwd|passphrase|passcode|client-secret)' +
  '(?:[ _-]?(?:confirm(?:ation|ed)?|again|repeat(?:ed)?|verif(?:y|ication)|hash|plain|text|value|new|old|\\d))*';

const SOUNDS_SECRET = new RegExp(`${SOUNDING}\\s*$`, 'i');

const namesByRegistry = new WeakMap<Registry, string>();

/**
 * The names, in lower case and with commas between them, of all attributes whose values are nobody's to read: those that are
 * never returned or only written (RFC 7643 section 7), and `password` and its like.
 */
export function secretNamesOf(registry: Registry): string {
  let names = namesByRegistry.get(registry);
  if (names === undefined) {
    const own = registry.schemas.flatMap(({ attributes }) => attributes.flatMap(secretAttributes));
    names = [...new Set([...ALWAYS_SECRET, ...own])].sort().join(',');
    namesByRegistry.set(registry, names);
  }
  return names;
}

const secretAttributes = (attribute: Attribute): string[] => [
  ...(attribute.returned === 'never' || attribute.mutability === 'writeOnly'
    ? [attribute.name.toLowerCase()]
    : []),
  ...attribute.subAttributes.flatMap(secretAttributes),
];

/** A text without its secrets. */
interface Redacted {
  /** undefined: it is no JSON, and nobody knows what is secret in it. */
  readonly text: string | undefined;
  /** The secrets that it had, so that they can be removed where they are repeated. */
  readonly secrets: readonly string[];
}

export interface Redactor {
  /** A body of a request. */
  json(text: string): Redacted;
  /** The path and the query of a request, percent-encoded. */
  url(url: string): string;
}

/** The one letter beyond ASCII that is one of ASCII in lower case. */
const KELVIN = '\u212a';

/** What can hide a name from a look at the text. */
const HIDING = /\\u|\u212a/;

const redactors = new Map<string, Redactor>();
const MOST_REDACTORS = 200;

/** @param names as `secretNamesOf` gives them */
export function redactorOf(names: string): Redactor {
  let redactor = redactors.get(names);
  if (redactor === undefined) {
    if (redactors.size >= MOST_REDACTORS) redactors.clear();
    redactor = createRedactor(names.split(','));
    redactors.set(names, redactor);
  }
  return redactor;
}

function createRedactor(names: readonly string[]): Redactor {
  const secret = new Set(names);
  const escaped = names.map((name) => name.replace(/[^a-z0-9_]/g, '\\$&'));
  const mention = new RegExp(`(?:(?<![\\w-])(?:${escaped.join('|')})|${SOUNDING})(?![\\w-])`, 'i');
  const anywhere = new RegExp(escaped.join('|'), 'i');

  const mentions = (text: string): boolean => mention.test(text.replaceAll(KELVIN, 'k'));

  const isSecretName = (key: string): boolean =>
    secret.has(key.toLowerCase()) || SOUNDS_SECRET.test(key) || (mentions(key) && /[.:[\]]/.test(key));

  /** A value in which secrets are removed; `into` gets them. */
  function shownValue(value: JsonValue, key: string, into: string[]): JsonValue {
    if (typeof value === 'string') return textOf(value, key, into);
    if (Array.isArray(value)) return value.map((item) => shownValue(item, key, into));
    if (!isObject(value)) return value;
    return objectOf(value, into);
  }

  function objectOf(object: JsonObject, into: string[]): JsonObject {
    // an operation says in `path`, or in `name`, what its `value` is
    const names = Object.entries(object).filter(([key]) => /^(path|name|attribute|key|type)$/i.test(key));
    const isAboutSecret = names.some(([, value]) => typeof value === 'string' && mentions(value));
    const result: [string, JsonValue][] = Object.entries(object).map(([key, value]) => {
      if (isSecretName(key) || (isAboutSecret && /^(value|values|data)$/i.test(key))) {
        collect(value, into);
        return [key, REMOVED];
      }
      return [key, shownValue(value, key, into)];
    });
    return Object.fromEntries(result);
  }

  function textOf(text: string, key: string, into: string[]): string {
    // some clients pack JSON into a string
    if (/^\s*[[{"]/.test(text) && (anywhere.test(text) || HIDING.test(text))) {
      const { text: inner, secrets } = json(text);
      into.push(...secrets);
      return inner ?? REMOVED;
    }
    return /^(path|filter)$/i.test(key) && mentions(text) ? withoutLiterals(text, into) : text;
  }

  function json(text: string): Redacted {
    if (!HIDING.test(text) && !anywhere.test(text)) return { text, secrets: [] };
    let value: JsonValue;
    try {
      value = JSON.parse(text) as JsonValue;
    } catch {
      return { text: undefined, secrets: [] };
    }
    const secrets: string[] = [];
    const redacted = shownValue(value, '', secrets);
    return { text: JSON.stringify(redacted), secrets };
  }

  return {
    json,
    url(url) {
      if (!anywhere.test(url) && !url.includes('%')) return url;
      const [path = '', ...rest] = url.split('?');
      const parts = rest.join('?').split('&').map(parameterOf);
      const shown = isMentioned(path) ? withoutLiterals(path, []) : path;
      return rest.length === 0 ? shown : `${shown}?${parts.join('&')}`;
    },
  };

  function isMentioned(encoded: string): boolean {
    const text = decoded(encoded);
    return text === undefined ? anywhere.test(encoded) : mentions(text);
  }

  function parameterOf(parameter: string): string {
    if (!isMentioned(parameter)) return parameter;
    const [name = '', value] = parameter.split(/=(.*)/s);
    if (value === undefined) return REMOVED;
    const isName = /^(sortBy|attributes|excludedAttributes)$/i.test(name) && /^[\w.,:%+-]*$/.test(value);
    return isName
      ? parameter
      : `${isMentioned(name) && !secret.has(name.toLowerCase()) ? REMOVED : name}=${REMOVED}`;
  }
}

/** @returns undefined for what is not percent-encoded rightly */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

const LITERAL = /"(?:[^"\\]|\\.)*("|$)|(?<=\b(?:eq|ne|co|sw|ew|gt|ge|lt|le)\s+)[^\s")\]]+/gi;

/** A path or filter without the values that it compares with. */
const withoutLiterals = (text: string, into: string[]): string =>
  text.replace(LITERAL, (literal) => {
    into.push(literal.replace(/^"|"$/g, ''));
    return `"${REMOVED}"`;
  });

/** Every text and number of a value. */
function collect(value: JsonValue, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (typeof value === 'number') into.push(String(value));
  else if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (isObject(value)) for (const item of Object.values(value)) collect(item, into);
}

/** What is shorter is part of other words too often to be removed wherever it stands. */
const SHORTEST = 3;

/** Credentials of integrations, whole or cut off. */
const CREDENTIAL = /roster(?:op)?_[a-z2-7]{12}_[A-Za-z0-9_-]+/g;

/** What HTTP Basic sends, wherever somebody has put it. */
const BASIC = /\bBasic(?:\s|%20|\+)+([\w+/=%-]{4,})/gi;

/** What only begins with the word, such as `Basic authentication`, has no name and password behind it. */
function isBasic(encoded: string): boolean {
  try {
    return atob(decodeURIComponent(encoded)).includes(':');
  } catch {
    return false;
  }
}

/** A text without the secrets of the same request, should it repeat them, and without credentials. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let shown = text.includes('roster') ? text.replace(CREDENTIAL, REMOVED) : text;
  shown = shown.replace(BASIC, (found, encoded: string) => (isBasic(encoded) ? REMOVED : found));
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1), encoded(secret)]))
      if (shown.includes(form)) shown = shown.replaceAll(form, REMOVED);
  }
  return shown;
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
