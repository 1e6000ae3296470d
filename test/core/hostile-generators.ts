import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { arbitraryText } from './generators.ts';

const wordsOf = (list: string): string[] => list.split(' ');

/** Text of pieces that mean something, in no order that does. */
export const soup = (words: readonly string[]): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...words) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
      ),
      { maxLength: 25 },
    )
    .chain((parts) => fc.constantFrom('', ' ').map((blank) => parts.join(blank)));

export const FILTER_WORDS = [
  ...wordsOf(
    '( ) [ ] " . : and or not eq co gt pr "x" true null -1.5e3 userName emails emails[ .value $ref ' +
      '__proto__',
  ),
  '\\',
  'not (',
  '"\\"',
  'type eq "work"',
  'title pr',
  USER_SCHEMA,
  '\n',
];

const KEYS = [
  ...wordsOf(
    'schemas Schemas id meta userName USERNAME name givenName active emails value type primary ' +
      'display members groups $ref displayName department manager x509Certificates ports weight bought ' +
      'tags owner sites codes secret serial unknown __proto__ constructor toString name.givenName ' +
      'emails[',
  ),
  'emails[type eq "work"].value',
  ENTERPRISE_USER_SCHEMA,
  `${ENTERPRISE_USER_SCHEMA}:manager`,
  USER_SCHEMA,
];

/** Any JSON, its keys and strings often those that mean something. */
const anyJson = (): fc.Arbitrary<JsonValue> =>
  fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'json' },
      fc.constantFrom<JsonValue[]>(
        null,
        true,
        false,
        0,
        1,
        -1.5,
        '',
        ' ',
        ...wordsOf('True false work AQID'),
      ),
      fc.constant('2011-05-13T04:42:34Z'),
      arbitraryText(),
      fc.double(),
      fc.constantFrom<JsonValue[]>('\u0000', '\ud800', USER_SCHEMA, [], {}),
      fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'json' }),
      tie('object'),
    ),
    object: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 5, depthIdentifier: 'json' }),
  })).value;

export const anyBody = (): fc.Arbitrary<JsonValue> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.dictionary(fc.constantFrom(...KEYS), anyJson(), { maxKeys: 8 }) },
    { weight: 1, arbitrary: anyJson() },
  );

export const PATHS = [
  ...wordsOf(
    'userName name name.givenName active emails emails.value emails.primary roles externalId members ' +
      'members.value displayName id meta.created schemas password label ports tags owner owner.value ' +
      'sites sites.codes __proto__ unknown',
  ),
  'emails[type eq "work"]',
  'emails[type eq "work"].value',
  'emails[primary eq true].type',
  'emails[not (type pr)].display',
  'addresses[type eq "home"].country',
  'x509Certificates[value eq "!"].type',
  'members[value eq "a"]',
  ENTERPRISE_USER_SCHEMA,
  `${ENTERPRISE_USER_SCHEMA}:manager`,
  `${ENTERPRISE_USER_SCHEMA}:manager.value`,
  'ports[value gt 1]',
  'tags[value eq "ann"]',
  'sites[codes eq "ann"].codes',
  'sites[value pr]',
];

const element = fc.record(
  {
    value: fc.constantFrom('Ann', 'ann', 'b_n', ''),
    type: fc.constantFrom('work', 'home', ''),
    primary: fc.constantFrom<JsonValue[]>(true, false, 'True'),
    display: fc.constantFrom<JsonValue[]>('x', null),
  },
  { requiredKeys: [] },
);
export const likelyValue: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue[]>('Ann', 'work', '', null, true, 'False', 5, [], {}),
  element as fc.Arbitrary<JsonObject>,
  fc.array(element as fc.Arbitrary<JsonObject>, { maxLength: 3 }),
  anyJson(),
);
export const anyOperation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        op: fc.constantFrom('add', 'replace', 'remove', 'Add'),
        path: fc.constantFrom(...PATHS),
        value: likelyValue,
      },
      { requiredKeys: ['op', 'path'] },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constantFrom('add', 'replace'),
      value: fc.dictionary(fc.constantFrom(...KEYS, ...PATHS), likelyValue, { maxKeys: 4 }),
    }),
  },
  { weight: 1, arbitrary: anyJson() },
) as fc.Arbitrary<JsonValue>;
