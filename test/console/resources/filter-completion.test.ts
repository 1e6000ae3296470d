import { describe, expect, test } from 'vitest';
import { complete, pathsOf } from '../../../console/src/pages/resources/filter-completion.ts';
import { readFilter } from '../../../src/core/filter-binding.ts';
import { USER_TYPE } from '../../../src/core/registry.ts';
import { toleranceOf } from '../../../src/core/tolerance.ts';
import { builtInView } from './published-types.ts';

const NOW = Date.parse('2026-11-22T09:30:00Z');
const paths = pathsOf(builtInView('User'));

/** What may stand where `|` is. */
function at(marked: string) {
  const caret = marked.indexOf('|');
  const found = complete(marked.replace('|', ''), caret, paths, NOW);
  return { ...found, texts: found.options.map(({ text }) => text) };
}

describe('a filter goes on with', () => {
  test.each<[marked: string, some: readonly string[], none: readonly string[]]>([
    ['|', ['userName', 'emails.value'], ['eq', 'password']],
    ['userN|', ['userName'], ['name']],
    ['family|', ['name.familyName'], ['userName']],
    ['name.g|', ['name.givenName'], ['name']],
    ['department|', ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department'], []],
    ['userName |', ['eq', 'sw', 'pr'], ['userName']],
    ['active |', ['eq', 'ne', 'pr'], ['sw', 'gt']],
    ['meta.created |', ['gt', 'eq'], ['co']],
    ['name |', ['pr'], ['eq']],
    ['emails |', ['sw'], []],
    ['active eq |', ['true', 'false'], ['and']],
    ['active eq t|', ['true'], ['false']],
    ['emails.type eq "w|', ['"work"'], ['"home"']],
    ['meta.lastModified gt |', ['"2026-11-21T09:30:00Z"'], []],
    ['userName eq "a" |', ['and', 'or'], ['eq']],
    ['userName pr |', ['and', 'or'], []],
    ['userName pr and |', ['active'], ['and']],
    ['not (|', ['active'], []],
    ['emails[|', ['type', 'value'], ['userName']],
    ['emails[type eq "work" and v|', ['value'], ['active']],
    ['emails[type eq "work"] |', ['and'], []],
    ['userName eq "a b (|', [], ['active', 'and']],
  ])('%s', (marked, some, none) => {
    const { texts } = at(marked);
    expect(texts).toEqual(expect.arrayContaining([...some]));
    for (const text of none) expect(texts).not.toContain(text);
  });

  test('what takes the place of the whole word', () => {
    expect(at('userName eq "a" and act|ive eq true')).toMatchObject({ from: 20, to: 26 });
    expect(at('userName |eq "a"')).toMatchObject({ from: 9, to: 9 });
  });

  test('nothing that the server does not know', () => {
    for (const { text } of paths)
      if (!/^(?:schemas|meta\.(?:location|version))/.test(text))
        expect(() => readFilter(USER_TYPE, `${text} pr`, toleranceOf('strict')), text).not.toThrow();
  });
});
