import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  digestOf,
  makePassword,
  makeSecret,
  parseToken,
  parseUserPass,
  randomId,
  secretText,
} from '../../src/service/secrets.ts';

const tenantId = 'abcdefghijkl';
const credentialId = 'mnopqrstuv27';

describe('secrets', () => {
  it('ids are 12 characters of lower-case base 32, each different', () => {
    const ids = Array.from({ length: 1000 }, randomId);
    expect(ids.filter((id) => !/^[a-z2-7]{12}$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    // every letter of the alphabet is in use
    expect(new Set(ids.join('')).size).toBe(32);
  });

  it('a bearer token names tenant and credential, and ends with 49 random characters', () => {
    const secret = makeSecret('bearer', tenantId, credentialId);
    expect(secretText(secret)).toMatch(/^roster_abcdefghijkl_mnopqrstuv27_[A-Za-z0-9_-]{49}$/);
    expect(parseToken(secretText(secret))).toEqual({
      auth: 'bearer',
      tenantId,
      credentialId,
      text: secretText(secret),
    });
  });

  it('a username has no colon, so that the password may hold some (RFC 7617 section 2)', () => {
    const secret = makeSecret('basic', tenantId, credentialId);
    expect(secret).toMatchObject({
      username: 'abcdefghijkl-mnopqrstuv27',
      password: expect.stringMatching(/^[A-Za-z0-9_-]{49}$/),
    });
    expect(parseUserPass(secretText(secret))).toMatchObject({ auth: 'basic', tenantId, credentialId });
    const withColons = 'abcdefghijkl-mnopqrstuv27:a:b:';
    expect(parseUserPass(withColons)).toMatchObject({ text: withColons });
  });

  it('are different each time', () => {
    const texts = Array.from({ length: 100 }, () => secretText(makeSecret('bearer', tenantId, credentialId)));
    expect(new Set(texts).size).toBe(texts.length);
    expect(makePassword()).not.toBe(makePassword());
  });

  it.each([
    '',
    'roster_',
    `roster_${tenantId}_${credentialId}_`,
    `roster_${tenantId}_${credentialId}_${'x'.repeat(48)}`,
    `roster_${tenantId}_${credentialId}_${'x'.repeat(50)}`,
    `roster_${tenantId}_${credentialId}_${'x'.repeat(49)}\n`,
    `roster_${tenantId.toUpperCase()}_${credentialId}_${'x'.repeat(49)}`,
    `other_${tenantId}_${credentialId}_${'x'.repeat(49)}`,
    `roster_${tenantId}_${credentialId.slice(1)}1_${'x'.repeat(49)}`,
  ])('a token of another form is none: %j', (token) => {
    expect(parseToken(token)).toBeUndefined();
  });

  it.each([
    '',
    ':',
    `${tenantId}-${credentialId}`,
    `${tenantId}-${credentialId}:`,
    `${tenantId}:x`,
    'admin:admin',
  ])('username and password of another form are none: %j', (text) => {
    expect(parseUserPass(text)).toBeUndefined();
  });

  it('a digest depends on the key and on every character', () => {
    const [key, other] = ['1', '2'].map((text) => createSecretKey(text.repeat(32), 'utf8'));
    if (key === undefined || other === undefined) throw new Error('no keys');
    expect(digestOf(key, 'abc')).toHaveLength(32);
    expect(digestOf(key, 'abc')).toEqual(digestOf(key, 'abc'));
    expect(digestOf(key, 'abc')).not.toEqual(digestOf(other, 'abc'));
    expect(digestOf(key, 'abc')).not.toEqual(digestOf(key, 'abd'));
  });
});
