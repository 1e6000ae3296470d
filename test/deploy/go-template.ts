import { createHash } from 'node:crypto';
import { stringify } from 'yaml';

// As much of Go's text/template, and of what Helm adds to it, as the chart uses. What is not known here is an error.

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly pipeline: string }
  | {
      readonly kind: 'if' | 'with' | 'range';
      readonly pipeline: string;
      readonly then: readonly Node[];
      readonly otherwise: readonly Node[];
    };

interface Scope {
  readonly dot: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
}

export type Templates = Map<string, readonly Node[]>;

const ACTION = /(\{\{-\s|\{\{)\s*((?:"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?\*\/|[^"}]|\}(?!\}))*?)\s*(-\}\}|\}\})/g;

/** Reads a file of templates. @returns what it renders by itself; what it defines is added to `templates` */
export function parseTemplate(source: string, templates: Templates): readonly Node[] {
  const tokens: ({ readonly text: string } | { readonly action: string })[] = [];
  let end = 0;
  let trimsNext = false;
  const addText = (raw: string, trimsEnd: boolean) => {
    const begun = trimsNext ? raw.trimStart() : raw;
    tokens.push({ text: trimsEnd ? begun.trimEnd() : begun });
  };
  for (const match of source.matchAll(ACTION)) {
    const [all, open = '', action = '', close] = match;
    addText(source.slice(end, match.index), open.startsWith('{{-'));
    if (!action.startsWith('/*')) tokens.push({ action });
    trimsNext = close === '-}}';
    end = match.index + all.length;
  }
  addText(source.slice(end), false);
  let at = 0;

  function block(): Node[] {
    const nodes: Node[] = [];
    for (; at < tokens.length; at++) {
      const token = tokens[at] as (typeof tokens)[number];
      if ('text' in token) {
        nodes.push({ kind: 'text', text: token.text });
        continue;
      }
      const [, word = '', rest = ''] =
        /^(if|with|range|define|else|end)?\b\s*([\s\S]*)$/.exec(token.action) ?? [];
      if (word === 'end' || word === 'else') return nodes;
      at++;
      if (word === '') {
        at--;
        nodes.push({ kind: 'output', pipeline: token.action });
      } else if (word === 'define') {
        templates.set(JSON.parse(rest), block());
      } else {
        const then = block();
        nodes.push({ kind: word as 'if', pipeline: rest, then, otherwise: otherwise() });
      }
    }
    return nodes;
  }

  /** Stands at `else`, `else if` or `end`, and ends at `end`. */
  function otherwise(): Node[] {
    const { action } = tokens[at] as { action: string };
    if (action === 'end') return [];
    at++;
    const [, condition] = /^else if\s+([\s\S]*)$/.exec(action) ?? [];
    const then = block();
    return condition === undefined
      ? then
      : [{ kind: 'if', pipeline: condition, then, otherwise: otherwise() }];
  }

  return block();
}

/** @throws Error with the words of `fail` and `required`, and for what is not known */
export function renderTemplate(nodes: readonly Node[], dot: unknown, templates: Templates): string {
  return render(nodes, { dot, variables: { $: dot } }, templates);
}

function render(nodes: readonly Node[], scope: Scope, templates: Templates): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text;
      if (node.kind === 'output') return textOf(evaluated(node.pipeline, scope, templates));
      if (node.kind === 'range') return renderRange(node, scope, templates);
      const value = evaluated(node.pipeline, scope, templates);
      if (!isTrue(value)) return render(node.otherwise, scope, templates);
      return render(node.then, node.kind === 'with' ? { ...scope, dot: value } : scope, templates);
    })
    .join('');
}

function renderRange(
  node: Extract<Node, { pipeline: string; then: unknown }>,
  scope: Scope,
  templates: Templates,
): string {
  const [, key = '', name = '', pipeline = node.pipeline] =
    /^(\$\w+),\s*(\$\w+)\s*:=\s*([\s\S]*)$/.exec(node.pipeline) ?? [];
  const over = evaluated(pipeline, scope, templates);
  if (!isTrue(over)) return render(node.otherwise, scope, templates);
  // Go goes through maps in the order of their keys
  const entries = Array.isArray(over) ? [...over.entries()] : Object.entries(over as object).sort();
  return entries
    .map(([each, value]) =>
      render(
        node.then,
        { dot: value, variables: { ...scope.variables, [key]: each, [name]: value } },
        templates,
      ),
    )
    .join('');
}

const isTrue = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);

function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new Error(`${JSON.stringify(value)} can't be text`);
}

const WORD = /\s*("(?:[^"\\]|\\.)*"|[()|]|[^\s()|"]+)/y;

function wordsOf(pipeline: string): string[] {
  const words: string[] = [];
  WORD.lastIndex = 0;
  for (let match = WORD.exec(pipeline); match !== null; match = WORD.exec(pipeline))
    words.push(match[1] as string);
  return words;
}

function evaluated(pipeline: string, scope: Scope, templates: Templates): unknown {
  const words = wordsOf(pipeline);
  let at = 0;

  /** Ends at `)` or at the end. */
  function piped(): unknown {
    let value: unknown;
    for (let isFirst = true; isFirst || words[at - 1] === '|'; isFirst = false) {
      const values: unknown[] = [];
      let call: ((...values: never[]) => unknown) | undefined;
      for (; at < words.length && words[at] !== '|' && words[at] !== ')'; at++) {
        const word = words[at] as string;
        if (word in FUNCTIONS && values.length === 0 && call === undefined) call = FUNCTIONS[word];
        else if (word === 'include' && call === undefined) call = include;
        else values.push(operand(word));
      }
      if (!isFirst) values.push(value);
      value = call === undefined ? values[0] : call(...(values as never[]));
      at++;
    }
    return value;
  }

  function operand(word: string): unknown {
    if (word === '(') {
      at++;
      const value = piped();
      at--;
      return value;
    }
    if (word.startsWith('"')) return JSON.parse(word);
    if (/^\d+$/.test(word)) return Number(word);
    const [, variable, path = ''] = /^(\$\w*)?((?:\.\w*)*)$/.exec(word) ?? [];
    if (variable === undefined && !word.startsWith('.')) throw new Error(`${word} is not known here`);
    const start = variable === undefined ? scope.dot : scope.variables[variable];
    return path
      .split('.')
      .filter((name) => name !== '')
      .reduce((value: unknown, name) => (value as Record<string, unknown> | undefined)?.[name], start);
  }

  function include(name: string, dot: unknown): string {
    const nodes = templates.get(name);
    if (nodes === undefined) throw new Error(`no template is named ${name}`);
    return renderTemplate(nodes, dot, templates);
  }

  return piped();
}

const FUNCTIONS: Readonly<Record<string, (...values: never[]) => unknown>> = {
  add: (...values: number[]) => values.reduce((sum, value) => sum + value),
  default: (byDefault: unknown, value: unknown) => (isTrue(value) ? value : byDefault),
  fail: (message: string) => {
    throw new Error(message);
  },
  nindent: (count: number, text: string) => `\n${text}`.replaceAll('\n', `\n${' '.repeat(count)}`),
  not: (value: unknown) => !isTrue(value),
  or: (...values: unknown[]) => values.find(isTrue) ?? values.at(-1),
  printf: (form: string, ...values: unknown[]) => form.replaceAll('%s', () => textOf(values.shift())),
  quote: (value: unknown) => JSON.stringify(textOf(value)),
  required: (message: string, value: unknown) => {
    if (value === undefined || value === null || value === '') throw new Error(message);
    return value;
  },
  sha256sum: (text: string) => createHash('sha256').update(text).digest('hex'),
  toYaml: (value: unknown) => stringify(value, { lineWidth: 0 }).trimEnd(),
  trimSuffix: (suffix: string, text: string) =>
    text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  trunc: (length: number, text: string) => text.slice(0, length),
};
