import type { Attribute, TypeView } from './type-view.ts';

/** What may stand where the caret is. */
export interface Completion {
  /** What is replaced: from here … */
  readonly from: number;
  /** … up to here. */
  readonly to: number;
  readonly options: readonly Option[];
}

interface Option {
  readonly text: string;
  readonly hint: string;
}

type State = 'attribute' | 'operator' | 'value' | 'joint';

/** Most options shown. */
const MOST = 30;

const TOKEN = /"(?:[^"\\]|\\.)*"?|[()[\]]|[^\s()[\]"]+/g;

const OPERATORS: readonly (Option & { readonly types: readonly Attribute['type'][] | undefined })[] = [
  { text: 'eq', hint: 'is', types: undefined },
  { text: 'ne', hint: 'is not', types: undefined },
  { text: 'sw', hint: 'begins with', types: ['string', 'reference', 'binary'] },
  { text: 'co', hint: 'contains', types: ['string', 'reference', 'binary'] },
  { text: 'ew', hint: 'ends with', types: ['string', 'reference', 'binary'] },
  { text: 'pr', hint: 'has a value', types: undefined },
  { text: 'gt', hint: 'is more than', types: ['string', 'reference', 'dateTime', 'integer', 'decimal'] },
  { text: 'ge', hint: 'is at least', types: ['string', 'reference', 'dateTime', 'integer', 'decimal'] },
  { text: 'lt', hint: 'is less than', types: ['string', 'reference', 'dateTime', 'integer', 'decimal'] },
  { text: 'le', hint: 'is at most', types: ['string', 'reference', 'dateTime', 'integer', 'decimal'] },
];

const JOINTS: readonly Option[] = [
  { text: 'and', hint: 'both' },
  { text: 'or', hint: 'one of the two' },
];

interface Path {
  readonly text: string;
  readonly attribute: Attribute;
}

const common = (name: string, type: Attribute['type']): Path => ({
  text: name,
  attribute: { name, type, multiValued: false },
});

/** Every attribute that a filter can name, as it names it. */
export function pathsOf(view: TypeView): Path[] {
  const paths = view.sections.flatMap(({ isCore, urn, attributes }) =>
    attributes
      .filter(({ returned }) => returned !== 'never')
      .flatMap((attribute): Path[] => {
        const text = isCore ? attribute.name : `${urn}:${attribute.name}`;
        return [
          { text, attribute },
          ...(attribute.subAttributes ?? []).map((sub) => ({ text: `${text}.${sub.name}`, attribute: sub })),
        ];
      }),
  );
  return [
    ...paths,
    common('id', 'string'),
    common('meta.created', 'dateTime'),
    common('meta.lastModified', 'dateTime'),
  ];
}

/** What a filter may go on with, where the caret is. @param now for a time to begin with */
export function complete(text: string, caret: number, paths: readonly Path[], now: number): Completion {
  const before = text.slice(0, caret);
  const tokens = [...before.matchAll(TOKEN)].map((match) => ({ text: match[0], at: match.index }));
  const last = tokens.at(-1);
  const isOpen = last !== undefined && last.at + last.text.length === caret && !/^[()[\]]$/.test(last.text);
  const typed = isOpen ? last : undefined;
  let state: State = 'attribute';
  let path: Path | undefined;
  const around: Path[] = [];
  for (const token of typed === undefined ? tokens : tokens.slice(0, -1)) {
    if (token.text === '[') {
      if (path !== undefined) around.push(path);
      state = 'attribute';
    } else if (token.text === ']') {
      around.pop();
      state = 'joint';
    } else if (token.text === ')') state = 'joint';
    else if (token.text === '(') state = 'attribute';
    else if (state === 'attribute') {
      if (token.text.toLowerCase() === 'not') continue;
      path = find(within(paths, around.at(-1)), token.text);
      state = 'operator';
    } else if (state === 'operator') state = token.text.toLowerCase() === 'pr' ? 'joint' : 'value';
    else if (state === 'value') state = 'joint';
    else state = 'attribute';
  }
  const from = typed?.at ?? caret;
  const rest = typed === undefined ? '' : (/^[^\s()[\]"]*/.exec(text.slice(caret))?.[0] ?? '');
  const word = typed?.text ?? '';
  const all = optionsFor(state, within(paths, around.at(-1)), path?.attribute, now);
  const options = all.filter((option) => fits(option.text, word) && option.text !== word).slice(0, MOST);
  return { from, to: caret + rest.length, options };
}

const find = (paths: readonly Path[], text: string): Path | undefined =>
  paths.find((path) => path.text.toLowerCase() === text.toLowerCase());

/** Inside `[ ]` the sub-attributes of what stands before. */
const within = (paths: readonly Path[], outer: Path | undefined): readonly Path[] =>
  outer === undefined
    ? paths
    : (outer.attribute.subAttributes ?? []).map((attribute) => ({ text: attribute.name, attribute }));

/** A word fits where it begins the option, or a part of it behind a dot or a colon. */
function fits(option: string, word: string): boolean {
  const [whole, part] = [option.toLowerCase(), word.toLowerCase()];
  return (
    whole.startsWith(part) ||
    whole.includes(`.${part}`) ||
    (!part.includes('"') && whole.includes(`:${part}`))
  );
}

function optionsFor(
  state: State,
  paths: readonly Path[],
  attribute: Attribute | undefined,
  now: number,
): readonly Option[] {
  switch (state) {
    case 'attribute':
      return paths.map(({ text, attribute: each }) => ({
        text,
        hint: each.multiValued ? `${each.type}, several` : each.type,
      }));
    case 'operator':
      return operatorsOf(attribute);
    case 'joint':
      return JOINTS;
    case 'value':
      return valuesOf(attribute, now);
  }
}

function operatorsOf(attribute: Attribute | undefined): readonly Option[] {
  if (attribute === undefined) return OPERATORS;
  const value = attribute.subAttributes?.find(({ name }) => name === 'value');
  if (attribute.type === 'complex' && value === undefined)
    return OPERATORS.filter(({ text }) => text === 'pr');
  const { type } = value ?? attribute;
  return OPERATORS.filter(({ types }) => types === undefined || types.includes(type));
}

function valuesOf(attribute: Attribute | undefined, now: number): readonly Option[] {
  const target = attribute?.subAttributes?.find(({ name }) => name === 'value') ?? attribute;
  if (target === undefined) return [];
  if (target.type === 'boolean')
    return [
      { text: 'true', hint: 'yes' },
      { text: 'false', hint: 'no' },
    ];
  if (target.type === 'dateTime') {
    const day = 86_400_000;
    return [
      [now - day, 'a day ago'],
      [now - 7 * day, 'a week ago'],
      [now - 30 * day, '30 days ago'],
    ].map(([time, hint]) => ({
      text: `"${new Date(time as number).toISOString().slice(0, 19)}Z"`,
      hint: String(hint),
    }));
  }
  return (target.canonicalValues ?? []).map((value) => ({
    text: JSON.stringify(value),
    hint: 'usual value',
  }));
}
