import { describe, expect, it } from 'vitest';
import { createPasswords, requirePassword } from '../../src/service/passwords.ts';

describe('passwords', () => {
  const passwords = createPasswords();

  it('are kept as argon2id in PHC string format, with 19 MiB and two passes', async () => {
    const hash = await passwords.hash('correct horse'.replace(' ', '-'));
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await passwords.hash('correct-horse')).not.toBe(hash);
    expect(await passwords.verify('correct-horse', hash)).toBe(true);
    expect(await passwords.verify('correct-horsf', hash)).toBe(false);
    expect(await passwords.verify('', hash)).toBe(false);
  });

  it('are checked with the parameters of their hash, as argon2 tools write it', async () => {
    // argon2id, m=64 KiB, t=3, p=1, salt "somesalt": computed by the same function that RFC 9106 describes
    const { argon2Sync } = await import('node:crypto');
    const nonce = Buffer.from('somesalt');
    const tag = argon2Sync('argon2id', {
      message: 'password',
      nonce,
      parallelism: 1,
      tagLength: 24,
      memory: 64,
      passes: 3,
    });
    const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
    const hash = `$argon2id$v=19$m=64,t=3,p=1$${base64(nonce)}$${base64(tag)}`;
    expect(await passwords.verify('password', hash)).toBe(true);
    expect(await passwords.verify('passwore', hash)).toBe(false);
  });

  it('count as equal in composed and decomposed form', async () => {
    const hash = await passwords.hash('p\u00e4ssword');
    expect(await passwords.verify('pa\u0308ssword', hash)).toBe(true);
    expect(await passwords.verify('passwords', hash)).toBe(false);
  });

  it('of a user who has none are false', async () => {
    expect(await passwords.verify('anything', undefined)).toBe(false);
  });

  it.each([
    '',
    'plain',
    '$2b$10$abc',
    '$argon2i$v=19$m=64,t=3,p=1$c29tZXNhbHQ$AAAA',
    '$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$AAAA',
  ])('are not checked against what is no hash, or one too dear: %j', async (hash) => {
    await expect(passwords.verify('password', hash)).rejects.toThrow('PHC');
  });

  it.each(['', '1234', '     ', 'tab\tbed', 'x'.repeat(1001)])('can’t be %j', async (password) => {
    expect(() => requirePassword(password)).toThrow(expect.objectContaining({ problem: 'invalid' }));
    await expect(passwords.hash(password)).rejects.toMatchObject({ problem: 'invalid' });
  });

  it('are computed two at once, in turn, and no more than so many wait', async () => {
    const bounded = createPasswords({ atOnce: 2, waiting: 3 });
    const attempts = await Promise.allSettled(
      Array.from({ length: 8 }, () => bounded.verify('x', undefined)),
    );
    expect(attempts.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 5 }, () => 'fulfilled'),
      ...Array.from({ length: 3 }, () => 'rejected'),
    ]);
    expect(await bounded.verify('x', undefined)).toBe(false);
  });
});
