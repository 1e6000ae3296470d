import { describe, expect, test } from 'vitest';
import { MAX_PATH_LENGTH, type PatchPath, parsePatchPath } from '../../src/core/patch-path.ts';
import { pathText } from '../../src/core/path.ts';
import { GROUP_TYPE, USER_TYPE } from '../../src/core/registry.ts';
import { ENTERPRISE_USER_SCHEMA } from '../../src/core/schemas/enterprise-user.ts';
import { USER_SCHEMA } from '../../src/core/schemas/user.ts';
import { DEVICE_TYPE, refusal, refused, standard, strict } from './fixtures.ts';

/** `kind path`, with the values that the filter compares with behind it. */
function summary(target: PatchPath): string {
  if (target.kind === 'extension') return `extension ${target.extension.schema.id}`;
  const text = `${target.kind} ${pathText(target.path)}`;
  if (target.kind === 'attribute') return text;
  const values = JSON.stringify(target.filter, (key, value) => (key === 'path' ? undefined : value));
  return `${text} ${values}`;
}

describe('RFC 7644 3.5.2 figure 7: paths', () => {
  test.each<[text: string, meant: string]>([
    ['userName', 'attribute userName'],
    ['USERNAME', 'attribute userName'],
    ['name.familyName', 'attribute name.familyName'],
    [' title ', 'attribute title'],
    [`${USER_SCHEMA}:userName`, 'attribute userName'],
    [`${ENTERPRISE_USER_SCHEMA}:manager.value`, `attribute ${ENTERPRISE_USER_SCHEMA}:manager.value`],
    [ENTERPRISE_USER_SCHEMA, `extension ${ENTERPRISE_USER_SCHEMA}`],
    ['emails[type eq "work"]', 'element emails {"kind":"compare","operator":"eq","value":"work"}'],
    [
      'Emails[TYPE Eq "work"].VALUE',
      'element emails.value {"kind":"compare","operator":"eq","value":"work"}',
    ],
    ['emails [type pr] .value', 'element emails.value {"kind":"present"}'],
    [
      `${USER_SCHEMA}:emails[value eq "a:b.c]d\\"["].type`,
      'element emails.type {"kind":"compare","operator":"eq","value":"a:b.c]d\\"["}',
    ],
    [
      'addresses[type eq "work" and not (primary eq true)]',
      'element addresses {"kind":"and","filters":[{"kind":"compare","operator":"eq","value":"work"},' +
        '{"kind":"not","filter":{"kind":"compare","operator":"eq","value":true}}]}',
    ],
  ])('%s', (text, meant) => {
    expect(summary(parsePatchPath(USER_TYPE, text, strict()))).toBe(meant);
  });

  test('the examples of members, one of them without a blank before the quote', () => {
    for (const text of ['members', 'members[value eq "2819c223"]', 'members[value eq"2819c223"]'])
      expect(() => parsePatchPath(GROUP_TYPE, text, strict())).not.toThrow();
  });

  test('values of a simple attribute are called value', () => {
    expect(summary(parsePatchPath(DEVICE_TYPE, 'tags[value eq "x"]', strict()))).toBe(
      'element tags {"kind":"compare","operator":"eq","value":"x"}',
    );
  });
});

describe('RFC 7644 3.5.2: a malformed or unknown path is 400 invalidPath, in either dialect', () => {
  test.each([
    ' ',
    'unknown',
    'name.unknown',
    'name.givenName.x',
    'department',
    USER_SCHEMA,
    '__proto__',
    '__proto__.polluted',
    'name.__proto__.polluted',
    'constructor.prototype',
    "displayName'; DROP TABLE users;--",
    'emails[0]',
    'emails[0].value',
    'emails[]',
    'emails[type eq "work"',
    'emails[type eq "work"]]',
    'emails[type eq "work"]value',
    'emails[type eq "work"].',
    'emails[type eq "work"].unknown',
    'emails[type eq "work"].value.x',
    'emails[type eq "work"].__proto__',
    'emails[type eq "work"][value pr]',
    'emails[type eq "work"] and title pr',
    'emails[unknown eq "x"]',
    'emails[userName eq "x"]',
    'emails[__proto__ pr]',
    'emails[value eq "x" or 1=1]',
    'emails.type[value eq "x"]',
    'name[familyName eq "x"]',
    'userName[value eq "x"]',
    '[type eq "work"]',
    `${ENTERPRISE_USER_SCHEMA}[department eq "x"]`,
    `emails[${'('.repeat(5000)}type pr${')'.repeat(5000)}]`,
    `emails[${Array.from({ length: 101 }, () => 'type pr').join(' or ')}]`,
  ])('%.80j', (text) => {
    expect(refused(() => parsePatchPath(USER_TYPE, text, strict()))).toBe('400 invalidPath');
    expect(refused(() => parsePatchPath(USER_TYPE, text, standard()))).toBe('400 invalidPath');
  });

  test.each([
    'emails[primary gt true]',
    'emails[primary co true]',
    'emails[primary eq 1]',
    'emails[value gt null]',
    'x509Certificates[value gt "AA=="]',
  ])('RFC 7644 3.12: a comparison that the attribute does not have is 400 invalidFilter: %s', (text) => {
    expect(refused(() => parsePatchPath(USER_TYPE, text, strict()))).toBe('400 invalidFilter');
    expect(refused(() => parsePatchPath(USER_TYPE, text, standard()))).toBe('400 invalidFilter');
  });

  test('a sub-attribute behind values that have none', () => {
    expect(refused(() => parsePatchPath(DEVICE_TYPE, 'tags[value eq "x"].value', strict()))).toBe(
      '400 invalidPath',
    );
  });

  test('a path one character too long, whatever it is made of', () => {
    const path = 'title'.padEnd(MAX_PATH_LENGTH);
    expect(() => parsePatchPath(USER_TYPE, path, strict())).not.toThrow();
    expect(refused(() => parsePatchPath(USER_TYPE, `${path} `, strict()))).toBe('400 invalidPath');
  });

  test('a path that is too long, and little of it in the message', () => {
    const path = `emails[value eq "${'x'.repeat(MAX_PATH_LENGTH)}"]`;
    expect(refused(() => parsePatchPath(USER_TYPE, path, strict()))).toBe('400 invalidPath');
    expect(refusal(() => parsePatchPath(USER_TYPE, 'y'.repeat(9000), strict())).message.length).toBeLessThan(
      200,
    );
  });
});
