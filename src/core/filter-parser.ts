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
import { shorten } from './path.ts';
import type { Tolerance } from './tolerance.ts';

type Fail = (detail: string, position?: number) => ScimError;

/** Where the terms of a filter begin in its text, from 1. */
export type TermPositions = Map<Filter<string>, number>;

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
  readonly #positions: TermPositions | undefined;
  #at = 0;
  #token: Token;
  #terms = 0;
  #depth = 0;

  /** @param positions filled with those of the terms */
  constructor(
    text: string,
    tolerance: Tolerance,
    fail: Fail = invalidFilter,
    positions: TermPositions | undefined = undefined,
  ) {
    this.#positions = positions;
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
    const { text: path, start } = this.#token;
    this.#count();
    this.#advance();
    const term = this.#is('[') ? this.#element(path) : this.#comparison(path);
    this.#positions?.set(term, start + 1);
    return term;
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
    const position = token.start + 1;
    return this.#fail(`Expected ${expected} at position ${position}, found ${found}.`, position);
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
      throw this.#fail(
        `A string that starts at position ${start + 1} is malformed or never ends.`,
        start + 1,
      );
    this.#at = start + found.length;
    if (pattern === WORD) return { kind: 'word', text: found, start };
    const value = JSON.parse(found) as string;
    if (value.includes('\u0000') || !value.isWellFormed())
      throw this.#fail(
        `The string at position ${start + 1} holds characters that no value can have.`,
        start + 1,
      );
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
 * @param positions filled with those of the terms
 * @throws ScimError 400 invalidFilter, with the position where reading stopped
 */
export function parseFilter(text: string, tolerance: Tolerance, positions?: TermPositions): Filter<string> {
  return new FilterParser(text, tolerance, invalidFilter, positions).whole();
}
