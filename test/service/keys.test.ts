import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bindKey, isKeyOfDirectory, readSecretKey, requireKey } from '../../src/service/keys.ts';
import { temporaryStorage } from '../support/server.ts';

describe('the secret key', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'roster-test-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const read = (source: { secretKey?: string; secretKeyFile?: string } = {}) =>
    readSecretKey({ secretKey: undefined, secretKeyFile: undefined, dataDir, ...source });

  it('is made once, for the owner only, with nothing left beside it', () => {
    const key = read();
    expect(readdirSync(dataDir)).toEqual(['secret.key']);
    expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dataDir, 'secret.key'), 'utf8')).toMatch(/^[A-Za-z0-9_-]{43}\n$/);
    expect(read().equals(key)).toBe(true);
  });

  it('is the same from a setting, a file and the data directory, with or without a line end', () => {
    const text = 'k'.repeat(32);
    const file = join(dataDir, 'given');
    writeFileSync(file, `${text}\n`);
    writeFileSync(join(dataDir, 'secret.key'), text);
    const key = read({ secretKey: text });
    expect(read({ secretKeyFile: file }).equals(key)).toBe(true);
    expect(read().equals(key)).toBe(true);
    expect(read({ secretKey: `${text}l` }).equals(key)).toBe(false);
  });

  it('is refused when it is short, empty or can’t be read; its text is not told', () => {
    const file = join(dataDir, 'given');
    writeFileSync(file, ' \n');
    for (const attempt of [
      () => read({ secretKey: 'short-and-secret' }),
      () => read({ secretKeyFile: file }),
      () => read({ secretKeyFile: join(dataDir, 'absent') }),
      () =>
        readSecretKey({ secretKey: undefined, secretKeyFile: undefined, dataDir: join(dataDir, 'absent') }),
    ]) {
      expect(attempt).toThrow(expect.objectContaining({ name: 'ServiceError', problem: 'failed' }));
      expect(attempt).not.toThrow(/short-and-secret/);
    }
    writeFileSync(join(dataDir, 'secret.key'), '');
    expect(() => read()).toThrow(/at least 32/);
    expect(readFileSync(join(dataDir, 'secret.key'), 'utf8')).toBe('');
  });

  it('stays the one that the credentials were made with, until another is accepted', async () => {
    const { storage, close } = await temporaryStorage();
    const { directory } = storage;
    try {
      const [key, other] = [read({ secretKey: 'a'.repeat(32) }), read({ secretKey: 'b'.repeat(32) })];
      expect(await isKeyOfDirectory(directory, other)).toBe(true);
      await requireKey(directory, key);
      await requireKey(directory, key);
      expect(await isKeyOfDirectory(directory, other)).toBe(false);
      await expect(requireKey(directory, other)).rejects.toMatchObject({ problem: 'failed' });
      await bindKey(directory, other);
      await requireKey(directory, other);
      await expect(requireKey(directory, key)).rejects.toMatchObject({ problem: 'failed' });
    } finally {
      await close();
    }
  });
});
