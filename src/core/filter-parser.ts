import { comparisonKey } from './compare.ts';
import { invalidFilter, type ScimError } from './error.ts';
import {
  COMPARE_OPERATORS,
  type CompareOperator,
  type Filter,
  type FilterValue,
  MAX_FILTER_DEPTH,
  MAX_FILTER_LENGTH,
  MAX_FILTER_TERMS,
} from './filter.ts';
import { type AttributePath, elementScope, leafOf, pathText, resolvePath, shorten } from './path.ts';
import type { ResourceType } from './resource-type.ts';
import type { Tolerance } from './tolerance.ts';

type Fail = (detail: string) => ScimError;

/** A token of the filter grammar; `value` tokens are JSON literals, words are everything unquoted. */
type Token =
  | { kind: 'word'; text: string; start: number }
  | { kind: 'string'; value: string; start: number }
  | { kind: '(' | ')' | '[' | ']'; start: number }
  | { kind: 'end'; start: number };

const STRING = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const WORD = /[^\s()[\]"]+/y;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const ATTRIBUTE_NAME = /^[A-Za-z$][\w$.:%+/-]*$/;

/** Reads the grammar of RFC 7644 figure 1 by recursive descent; depth and terms are bounded as it goes. */
export class FilterParser {
  readonly #text: string;
  readonly #tolerance: Tolerance;
  readonly #fail: Fail;
  #at = 0;
  #token: Token;
  #terms = 0;
  #depth = 0;

  constructor(text: string, tolerance: Tolerance, fail: Fail = invalidFilter) {
    this.#text = text;
    this.#tolerance = tolerance;
    this.#fail = fail;
    if (text.length > MAX_FILTER_LENGTH)
      throw fail(`A filter is longer than ${MAX_FILTER_LENGTH} characters.`);
    this.#token = this.#next();
  }

  /** A whole filter: nothing may follow it. */
  whole(): Filter<string> {
    const filter = this.#or();
    if (this.#token.kind !== 'end') throw this.#unexpected('the end of the filter, "and" or "or"');
    return filter;
  }

  /** `[` filter `]`, with whatever may follow left unread. */
  bracketed(): Filter<string> {
    this.#expect('[');
    this.#advance();
    const filter = this.#or();
    this.#expect(']');
    return filter;
  }

  /** The text behind the bracket that `bracketed` ended at. */
  rest(): string {
    return this.#text.slice(this.#token.start + 1);
  }

  #or(): Filter<string> {
    return this.#joined('or', () => this.#joined('and', () => this.#term()));
  }

  #joined(kind: 'and' | 'or', part: () => Filter<string>): Filter<string> {
    const first = part();
    if (!this.#isKeyword(kind)) return first;
    const filters = [first];
    while (this.#isKeyword(kind)) {
      this.#advance();
      filters.push(part());
    }
    return { kind, filters };
  }

  #term(): Filter<string> {
    if (this.#is('(')) return this.#grouped();
    if (this.#isKeyword('not') && this.#peekKind() === '(') {
      this.#advance();
      return { kind: 'not', filter: this.#grouped() };
    }
    if (this.#token.kind !== 'word' || !ATTRIBUTE_NAME.test(this.#token.text))
      throw this.#unexpected('an attribute name, "not (" or "("');
    const path = this.#token.text;
    this.#count();
    this.#advance();
    return this.#is('[') ? this.#element(path) : this.#comparison(path);
  }

  #grouped(): Filter<string> {
    this.#deeper();
    this.#advance();
    const filter = this.#or();
    this.#expect(')');
    this.#advance();
    this.#depth--;
    return filter;
  }

  #element(path: string): Filter<string> {
    this.#deeper();
    const filter = this.bracketed();
    const closing = this.#token.start;
    this.#advance();
    this.#depth--;
    const behind = this.#token;
    const subAttribute =
      behind.kind === 'word' && behind.start === closing + 1 && behind.text.startsWith('.')
        ? behind.text.slice(1)
        : undefined;
    if (subAttribute === undefined) return { kind: 'element', path, filter };
    if (!this.#tolerance.accept('filter-element-sub-attribute'))
      throw this.#unexpected('the end of the value path');
    this.#count();
    this.#advance();
    const comparison = this.#comparison(subAttribute);
    return { kind: 'element', path, filter: { kind: 'and', filters: [filter, comparison] } };
  }

  #comparison(path: string): Filter<string> {
    if (this.#token.kind !== 'word') throw this.#unexpected('an operator');
    const operator = this.#token.text.toLowerCase();
    if (operator === 'pr') {
      this.#advance();
      return { kind: 'present', path };
    }
    if (!(COMPARE_OPERATORS as readonly string[]).includes(operator)) throw this.#unexpected('an operator');
    this.#advance();
    return { kind: 'compare', path, operator: operator as CompareOperator, value: this.#value() };
  }

  #value(): FilterValue {
    const token = this.#token;
    // an example of RFC 7644 section 3.5.2.2 has no blank before the quote
    if (token.kind === 'string') {
      this.#advance();
      return token.value;
    }
    if (token.kind !== 'word') throw this.#unexpected('a value');
    const literal = readLiteral(token.text);
    if (literal === undefined && !this.#tolerance.accept('unquoted-filter-value'))
      throw this.#unexpected('a value in double quotes');
    this.#advance();
    return literal === undefined ? token.text : literal;
  }

  #is(kind: Token['kind']): boolean {
    return this.#token.kind === kind;
  }

  #expect(kind: '(' | ')' | '[' | ']'): void {
    if (!this.#is(kind)) throw this.#unexpected(`"${kind}"`);
  }

  #isKeyword(word: string): boolean {
    return this.#token.kind === 'word' && this.#token.text.toLowerCase() === word;
  }

  #count(): void {
    if (++this.#terms > MAX_FILTER_TERMS)
      throw this.#fail(`A filter has more than ${MAX_FILTER_TERMS} terms.`);
  }

  #deeper(): void {
    if (++this.#depth > MAX_FILTER_DEPTH)
      throw this.#fail(`A filter is nested deeper than ${MAX_FILTER_DEPTH} levels.`);
  }

  #unexpected(expected: string): ScimError {
    const token = this.#token;
    const found =
      token.kind === 'end' ? 'the end' : `"${shorten(this.#text.slice(token.start, token.start + 20))}"`;
    return this.#fail(`Expected ${expected} at position ${token.start + 1}, found ${found}.`);
  }

  #advance(): void {
    this.#token = this.#next();
  }

  #peekKind(): Token['kind'] {
    const at = this.#at;
    const next = this.#next();
    this.#at = at;
    return next.kind;
  }

  #next(): Token {
    const text = this.#text;
    while (this.#at < text.length && isBlank(text.charCodeAt(this.#at))) this.#at++;
    const start = this.#at;
    const char = text[start];
    if (char === undefined) return { kind: 'end', start };
    if (char === '(' || char === ')' || char === '[' || char === ']') {
      this.#at++;
      return { kind: char, start };
    }
    const pattern = char === '"' ? STRING : WORD;
    pattern.lastIndex = start;
    const found = pattern.exec(text)?.[0];
    if (found === undefined)
      throw this.#fail(`A string that starts at position ${start + 1} is malformed or never ends.`);
    this.#at = start + found.length;
    if (pattern === WORD) return { kind: 'word', text: found, start };
    const value = JSON.parse(found) as string;
    if (value.includes('\u0000') || !value.isWellFormed())
      throw this.#fail(`The string at position ${start + 1} holds characters that no value can have.`);
    return { kind: 'string', value, start };
  }
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;

function readLiteral(word: string): number | boolean | null | undefined {
  if (word === 'true') return true;
  if (word === 'false') return false;
  if (word === 'null') return null;
  return NUMBER.test(word) ? Number(word) : undefined;
}

/**
 * Parses a filter of RFC 7644 section 3.4.2.2 into a tree of written names.
 *
 * @throws ScimError 400 invalidFilter, with the position where reading stopped
 */
export function parseFilter(text: string, tolerance: Tolerance): Filter<string> {
  return new FilterParser(text, tolerance).whole();
}

/**
 * Parses a filter and binds it to the attributes of a resource type.
 *
 * @throws ScimError 400 invalidFilter for bad grammar, an attribute nobody knows or may read, or an operator that the
 * attribute's type does not have
 * @example readFilter(USER_TYPE, 'userName eq "bjensen"', tolerance)
 */
export function readFilter(type: ResourceType, text: string, tolerance: Tolerance): Filter<AttributePath> {
  const scope: Scope = (name) => {
    const resolved = resolvePath(type, name);
    return resolved !== undefined && 'path' in resolved ? resolved.path : undefined;
  };
  return bindFilter(scope, parseFilter(text, tolerance), tolerance, invalidFilter);
}

type Scope = (name: string) => AttributePath | undefined;

/** Replaces written names by attributes and values by what the attribute's type makes of them. */
export function bindFilter(
  scope: Scope,
  filter: Filter<string>,
  tolerance: Tolerance,
  fail: Fail,
): Filter<AttributePath> {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return {
        kind: filter.kind,
        filters: filter.filters.map((part) => bindFilter(scope, part, tolerance, fail)),
      };
    case 'not':
      return { kind: 'not', filter: bindFilter(scope, filter.filter, tolerance, fail) };
    case 'present':
      return { kind: 'present', path: find(scope, filter.path, fail) };
    case 'element': {
      const path = find(scope, filter.path, fail);
      if (!path.attribute.multiValued || path.sub !== undefined)
        throw fail(`A value path needs a multi-valued attribute: ${pathText(path)}`);
      return {
        kind: 'element',
        path,
        filter: bindFilter(elementScope(path.attribute), filter.filter, tolerance, fail),
      };
    }
    case 'compare':
      return bindComparison(find(scope, filter.path, fail), filter.operator, filter.value, tolerance, fail);
  }
}

function find(scope: Scope, name: string, fail: Fail): AttributePath {
  const path = scope(name);
  if (path === undefined) throw fail(`No such attribute: ${shorten(name)}`);
  // what cannot be read cannot be asked about either, or counts would reveal it
  if (path.attribute.returned === 'never' || leafOf(path).returned === 'never')
    throw fail(`This attribute cannot be filtered: ${pathText(path)}`);
  return path;
}

function bindComparison(
  written: AttributePath,
  operator: CompareOperator,
  value: FilterValue,
  tolerance: Tolerance,
  fail: Fail,
): Filter<AttributePath> {
  const path = withDefaultSubAttribute(written);
  const leaf = leafOf(path);
  if (leaf.type === 'complex') throw fail(`A complex attribute cannot be compared: ${pathText(path)}`);
  if (value === null) {
    // null is the same as no value at all (RFC 7643 section 2.5)
    if (operator === 'eq') return { kind: 'not', filter: { kind: 'present', path: written } };
    if (operator === 'ne') return { kind: 'present', path: written };
    throw fail(`null can only be compared by "eq" and "ne": ${pathText(path)}`);
  }
  if (!operatorsOf(leaf.type).includes(operator))
    throw fail(`"${operator}" cannot be used on ${pathText(path)}, which is of type ${leaf.type}.`);
  const typed = typedValue(leaf.type, value, tolerance);
  if (typed === undefined || comparisonKey(leaf, typed) === undefined)
    throw fail(`The value compared with ${pathText(path)} is not of type ${leaf.type}.`);
  return { kind: 'compare', path, operator, value: typed };
}

/** `emails eq "x"` means `emails.value eq "x"` (RFC 7644 section 3.4.2.2, RFC 7643 section 2.4). */
function withDefaultSubAttribute(path: AttributePath): AttributePath {
  const value = path.sub === undefined ? path.attribute.subAttributeByName.get('value') : undefined;
  return value === undefined ? path : { ...path, sub: value };
}

const TEXT_OPERATORS = COMPARE_OPERATORS;
const EQUALITY_OPERATORS = ['eq', 'ne'] as const;
const ORDER_OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
const BINARY_OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew'] as const;

/** RFC 7644 table 3: booleans and binaries have no order; substrings are those of text. */
function operatorsOf(type: string): readonly CompareOperator[] {
  if (type === 'boolean') return EQUALITY_OPERATORS;
  if (type === 'binary') return BINARY_OPERATORS;
  return type === 'string' || type === 'reference' ? TEXT_OPERATORS : ORDER_OPERATORS;
}

function typedValue(
  type: string,
  value: string | number | boolean,
  tolerance: Tolerance,
): FilterValue | undefined {
  if (type === 'boolean') {
    if (typeof value === 'boolean') return value;
    const word = typeof value === 'string' ? value.toLowerCase() : '';
    if ((word === 'true' || word === 'false') && tolerance.accept('boolean-as-string'))
      return word === 'true';
    return undefined;
  }
  if (type === 'integer' || type === 'decimal') return typeof value === 'number' ? value : undefined;
  if (typeof value === 'string') return value;
  // a bare word that happens to look like a number or a boolean
  return tolerance.accept('unquoted-filter-value') ? String(value) : undefined;
}
