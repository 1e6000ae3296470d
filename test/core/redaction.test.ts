import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REMOVED, redactorOf, secretNamesOf, withoutSecrets } from '../../src/core/redaction.ts';
import { BUILT_IN } from '../../src/core/registry.ts';
import { compileSchema } from '../../src/core/schema.ts';

const names = secretNamesOf({
  ...BUILT_IN,
  schemas: [
    ...BUILT_IN.schemas,
    compileSchema({
      id: 'urn:example:Device',
      name: 'Device',
      description: '',
      attributes: [
        { name: 'pin', returned: 'never' },
        { name: 'seed', mutability: 'writeOnly' },
        {
          name: 'lock',
          type: 'complex',
          subAttributes: [{ name: 'code', returned: 'never' }, { name: 'kind' }],
        },
      ],
    }),
  ],
});
const redactor = redactorOf(names);

describe('secret names', () => {
  it('are those of attributes that nobody gets to see, and of passwords', () => {
    const all = names.split(',');
    expect(all).toEqual(expect.arrayContaining(['password', 'pin', 'seed', 'code']));
    for (const name of ['username', 'lock', 'kind', 'value', 'emails']) expect(all).not.toContain(name);
  });
});

describe('a body', () => {
  it.each<[given: string, shown: unknown]>([
    ['{"userName":"x","password":"sesame"}', { userName: 'x', password: REMOVED }],
    ['{"PASSWORD":"sesame"}', { PASSWORD: REMOVED }],
    ...[
      ...[
        'initialPassword',
        'passwordConfirm',
        'password_confirmation',
        'new-password',
        'Password2',
        'userPwd',
      ],
      ...['passphrase', 'client-secret', 'password ', 'urn:example:Device:tempPassword'],
    ].map((name): [string, unknown] => [JSON.stringify({ [name]: 'sesame' }), { [name]: REMOVED }]),
    [
      '{"Operations":[{"op":"add","path":"initialPassword","value":"sesame"}]}',
      { Operations: [{ op: 'add', path: 'initialPassword', value: REMOVED }] },
    ],
    ['{"passw\\u006frd":"sesame"}', { password: REMOVED }],
    ['{"to\u212aen":"sesame"}', { 'to\u212aen': REMOVED }],
    ['{"password":{"value":["sesame"]}}', { password: REMOVED }],
    [
      '{"urn:ietf:params:scim:schemas:core:2.0:User:password":"sesame"}',
      { 'urn:ietf:params:scim:schemas:core:2.0:User:password': REMOVED },
    ],
    ['{"lock":{"code":"sesame","kind":"a"}}', { lock: { code: REMOVED, kind: 'a' } }],
    ['{"lock.code":"sesame"}', { 'lock.code': REMOVED }],
    [
      '{"Operations":[{"op":"replace","path":"password","value":"sesame"}]}',
      { Operations: [{ op: 'replace', path: 'password', value: REMOVED }] },
    ],
    [
      '{"Operations":[{"op":"Add","Path":"urn:example:Device:Lock.Code","Value":"sesame"}]}',
      { Operations: [{ op: 'Add', Path: 'urn:example:Device:Lock.Code', Value: REMOVED }] },
    ],
    [
      '{"Operations":[{"op":"add","path":"lock","value":{"code":"sesame","kind":"a"}}]}',
      { Operations: [{ op: 'add', path: 'lock', value: { code: REMOVED, kind: 'a' } }] },
    ],
    [
      '{"Operations":[{"method":"POST","data":{"password":"sesame"}}]}',
      { Operations: [{ method: 'POST', data: { password: REMOVED } }] },
    ],
    [
      '{"Operations":[{"op":"remove","path":"locks[code eq \\"sesame\\"].kind"}]}',
      { Operations: [{ op: 'remove', path: `locks[code eq "${REMOVED}"].kind` }] },
    ],
    ['{"filter":"password eq \\"sesame\\""}', { filter: `password eq "${REMOVED}"` }],
    ['{"filter":"password eq sesame"}', { filter: `password eq "${REMOVED}"` }],
    [
      '{"roles":[{"value":"{\\"password\\":\\"sesame\\"}"}]}',
      { roles: [{ value: `{"password":"${REMOVED}"}` }] },
    ],
    // what only sounds like one
    [
      '{"displayName":"Password managers","passwordPolicy":"a"}',
      { displayName: 'Password managers', passwordPolicy: 'a' },
    ],
  ])('%s', (given, shown) => {
    const { text, secrets } = redactor.json(given);
    expect(JSON.parse(text ?? '')).toEqual(shown);
    expect(text).not.toContain('sesame');
    expect(secrets.includes('sesame') || given.includes('managers') || given.includes('\\"')).toBe(true);
  });

  it('without secrets stays as it is, to the letter', () => {
    const text = '{ "userName" : "x",  "emails":[ ] }';
    expect(redactor.json(text)).toEqual({ text, secrets: [] });
  });

  it('that is no JSON is not shown when it may have a secret', () => {
    expect(redactor.json('{"password":"sesame').text).toBeUndefined();
  });
});

describe('a URL', () => {
  it.each([
    ['/scim/v2/Users?filter=userName%20eq%20%22x%22', '/scim/v2/Users?filter=userName%20eq%20%22x%22'],
    [
      '/scim/v2/Users?filter=password%20eq%20%22sesame%22&count=1',
      `/scim/v2/Users?filter=${REMOVED}&count=1`,
    ],
    ['/scim/v2/Users?filter=pass%77ord+eq+%22sesame%22', `/scim/v2/Users?filter=${REMOVED}`],
    ['/scim/v2/Users?initialPassword=sesame', `/scim/v2/Users?${REMOVED}=${REMOVED}`],
    ['/scim/v2/Users?access_token=sesame', `/scim/v2/Users?access_token=${REMOVED}`],
    ['/scim/v2/Users?sesame%3dpassword', `/scim/v2/Users?${REMOVED}`],
    ['/scim/v2/Users?attributes=userName,password', '/scim/v2/Users?attributes=userName,password'],
    ['/scim/v2/Users?filter=%zzpassword%20eq%20sesame', `/scim/v2/Users?filter=${REMOVED}`],
  ])('%s', (given, shown) => {
    expect(redactor.url(given)).toBe(shown);
  });
});

it('a text has no secret of the same request, and no credential', () => {
  expect(withoutSecrets('"se same" is no password', ['se same'])).toBe(`"${REMOVED}" is no password`);
  expect(withoutSecrets('/Users/se%20same', ['se same'])).toBe(`/Users/${REMOVED}`);
  expect(withoutSecrets('a\\"b', ['a"b'])).toBe(REMOVED);
  const token = `roster_aaaaaaaaaaaa_bbbbbbbbbbbb_${'x'.repeat(20)}`;
  expect(withoutSecrets(`curl ${token}`, [])).toBe(`curl ${REMOVED}`);
  for (const basic of ['Basic am86c2VzYW1lIQ==', 'basic%20am86c2VzYW1lIQ%3D%3D'])
    expect(withoutSecrets(`/Users?auth=${basic}&a=b`, [])).toBe(`/Users?auth=${REMOVED}&a=b`);
  expect(withoutSecrets('Basic authentication', [])).toBe('Basic authentication');
});

describe('no secret is left in JSON', () => {
  const SECRET = 's3same-Öpen"\\';
  const key = fc.constantFrom(
    'password',
    'Password',
    'PIN',
    'seed',
    'code',
    'urn:example:Device:pin',
    'lock.code',
  );
  const leaf = fc.constantFrom<unknown>(SECRET, [SECRET], { value: SECRET }, { a: [{ b: SECRET }] });
  const secret = fc.tuple(key, leaf).map(([name, value]) => ({ [name]: value }));
  const operation = fc.tuple(key, leaf).map(([path, value]) => ({ op: 'replace', path, value }));
  const around = fc.letrec((tie) => ({
    place: fc.oneof(
      { maxDepth: 6 },
      secret,
      operation,
      fc.array(tie('place'), { minLength: 1, maxLength: 3 }),
      fc
        .tuple(fc.constantFrom('data', 'Operations', 'value', 'name', 'x'), tie('place'))
        .map(([name, value]) => ({
          [name]: value,
        })),
      tie('place').map((value) => ({ packed: JSON.stringify(value) })),
    ),
  })).place;

  it('wherever it stands', () => {
    fc.assert(
      fc.property(around, fc.boolean(), (value, isEscaped) => {
        const text = JSON.stringify(value);
        const written = isEscaped
          ? text.replace(/[a-z]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)
          : text;
        // letters behind a backslash are escapes already
        fc.pre(!isEscaped || isJson(written));
        const shown = redactor.json(written).text ?? '';
        expect(shown).not.toContain('s3same');
        expect(shown).toContain(REMOVED);
      }),
      { numRuns: 500 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
