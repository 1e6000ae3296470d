import { invalidFilter, type ScimError } from '../error.ts';
import { MAX_FILTER_DEPTH, MAX_FILTER_LENGTH, MAX_FILTER_TERMS } from '../filter.ts';
import { shorten } from '../path.ts';

const OPERATORS = ['eq', 'co', 'sw', 'gt', 'ge', 'lt', 'le'] as const;

/** The operators of REST API 1.1 table 2, `pr` apart. */
export type Operator1 = (typeof OPERATORS)[number];

/** A comparison as it is written. */
export interface Term1 {
  readonly name: string;
  /** undefined: `pr`. */
  readonly operator: Operator1 | undefined;
  readonly value: string;
  /** Whether the value stands in quotes. */
  readonly isQuoted: boolean;
}

/** A filter of SCIM 1.1 as a tree. */
export type Filter1 =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter1[] }
  | { readonly kind: 'term'; readonly term: Term1 };

/** Longest name that may run into its operator: no more of a word is tried. */
const MAX_NAME_LENGTH = 256;

type Token =
  | { kind: 'word'; text: string; start: number }
  | { kind: 'string'; value: string; start: number }
  | { kind: '(' | ')' | 'end'; start: number };

const BLANKS = /\s*/y;
const STRING = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const WORD = /[^\s()"]+/y;

/**
 * Reads a filter by the grammar of REST API 1.1 section 3.2.2.1, and what WSO2 Identity Server's page shows beyond it:
 * values without quotes, and a name, its operator and its value without blanks between them (`displayNameEqengineer`).
 *
 * @param isName whether a word is the name of an attribute
 * @throws ScimError 400 invalidFilter
 */
export function parseFilter1(text: string, isName: (word: string) => boolean): Filter1 {
  if (text.length > MAX_FILTER_LENGTH)
    throw invalidFilter(`A filter is longer than ${MAX_FILTER_LENGTH} characters.`);
  return new Parser(text, isName).whole();
}

/** Recursive descent; depth and terms are bounded as it goes. */
class Parser {
  readonly #text: string;
  readonly #isName: (word: string) => boolean;
  #token: Token;
  #end = 0;
  #terms = 0;
  #depth = 0;

  constructor(text: string, isName: (word: string) => boolean) {
    this.#text = text;
    this.#isName = isName;
    this.#token = this.#next();
  }

  whole(): Filter1 {
    const filter = this.#joined('or');
    if (!this.#is('end')) throw this.#unexpected('"and", "or" or the end of the filter');
    return filter;
  }

  #joined(kind: 'and' | 'or'): Filter1 {
    const part = (): Filter1 => (kind === 'or' ? this.#joined('and') : this.#factor());
    const first = part();
    const filters = [first];
    while (this.#isWord(kind)) {
      this.#advance();
      filters.push(part());
    }
    return filters.length === 1 ? first : { kind, filters };
  }

  #factor(): Filter1 {
    if (!this.#is('(')) return { kind: 'term', term: this.#term() };
    if (++this.#depth > MAX_FILTER_DEPTH)
      throw invalidFilter(`A filter is nested deeper than ${MAX_FILTER_DEPTH} levels.`);
    this.#advance();
    const filter = this.#joined('or');
    if (!this.#is(')')) throw this.#unexpected('")"');
    this.#advance();
    this.#depth--;
    return filter;
  }

  #term(): Term1 {
    const token = this.#token;
    if (token.kind !== 'word') throw this.#unexpected('the name of an attribute');
    if (++this.#terms > MAX_FILTER_TERMS)
      throw invalidFilter(`A filter has more than ${MAX_FILTER_TERMS} terms.`);
    const { text } = token;
    this.#advance();
    if (this.#isName(text)) return this.#spaced(text);
    const compact = this.#compactTerm(text);
    if (compact !== undefined) return compact;
    if (text.toLowerCase() === 'not') throw unsupported('not');
    throw invalidFilter(`There is no attribute "${shorten(text)}".`);
  }

  /** What follows a name that stands alone. */
  #spaced(name: string): Term1 {
    const token = this.#token;
    if (token.kind !== 'word') throw this.#unexpected('an operator');
    const written = token.text.toLowerCase();
    const found = [...OPERATORS, 'pr' as const].find((known) => written === known);
    if (found === undefined) throw unsupported(token.text);
    this.#advance();
    return found === 'pr' ? present(name) : this.#compared(name, found);
  }

  /** A name, an operator and mostly a value in one word; of several names that it may begin with the longest counts. */
  #compactTerm(word: string): Term1 | undefined {
    const lower = word.toLowerCase();
    for (let length = Math.min(word.length - 2, MAX_NAME_LENGTH); length > 0; length--) {
      const letters = lower.slice(length, length + 2);
      const operator = OPERATORS.find((known) => known === letters);
      const isPresent = letters === 'pr' && length + 2 === word.length;
      if ((operator === undefined && !isPresent) || !this.#isName(word.slice(0, length))) continue;
      const name = word.slice(0, length);
      if (operator === undefined) return present(name);
      const value = word.slice(length + 2);
      return value === '' ? this.#compared(name, operator) : { name, operator, value, isQuoted: false };
    }
    return undefined;
  }

  #compared(name: string, operator: Operator1): Term1 {
    const token = this.#token;
    if (token.kind !== 'word' && token.kind !== 'string') throw this.#unexpected('a value');
    this.#advance();
    return token.kind === 'string'
      ? { name, operator, value: token.value, isQuoted: true }
      : { name, operator, value: token.text, isQuoted: false };
  }

  #is(kind: Token['kind']): boolean {
    return this.#token.kind === kind;
  }

  #isWord(word: string): boolean {
    return this.#token.kind === 'word' && this.#token.text.toLowerCase() === word;
  }

  #unexpected(expected: string): ScimError {
    const { kind, start } = this.#token;
    const found = kind === 'end' ? 'the end' : `"${shorten(this.#text.slice(start, start + 20))}"`;
    return invalidFilter(`Expected ${expected} at position ${start + 1}, found ${found}.`);
  }

  #advance(): void {
    this.#token = this.#next();
  }

  #next(): Token {
    const start = this.#end + (this.#match(BLANKS, this.#end)?.length ?? 0);
    const character = this.#text[start];
    if (character === undefined) return { kind: 'end', start };
    if (character === '(' || character === ')') {
      this.#end = start + 1;
      return { kind: character, start };
    }
    const quoted = this.#match(STRING, start);
    if (quoted !== undefined) {
      this.#end = start + quoted.length;
      return { kind: 'string', value: JSON.parse(quoted) as string, start };
    }
    const text = this.#match(WORD, start);
    if (text === undefined)
      throw invalidFilter(`A value in quotes that begins at position ${start + 1} is no JSON string.`);
    this.#end = start + text.length;
    return { kind: 'word', text, start };
  }

  #match(pattern: RegExp, start: number): string | undefined {
    pattern.lastIndex = start;
    return pattern.exec(this.#text)?.[0];
  }
}

const present = (name: string): Term1 => ({ name, operator: undefined, value: '', isQuoted: false });

const unsupported = (operator: string): ScimError =>
  invalidFilter(`The operator "${shorten(operator)}" is not supported.`);
