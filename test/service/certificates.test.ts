import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Certificate,
  daysLeft,
  ensureOwnCertificate,
  ownCertificateFiles,
  readCertificate,
} from '../../src/service/certificates.ts';
import { makeSelfSigned } from '../../src/service/self-signed.ts';
import { ServiceError } from '../../src/service/service-error.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-11-21T12:00:00Z');

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'roster-test-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const ensure = (day = 0, baseUrl = 'https://scim.example.com/roster'): Promise<Certificate> =>
  ensureOwnCertificate({ dataDir, baseUrl, now: () => START + day * DAY_MS });

function file(name: string, text: string): string {
  const path = join(dataDir, name);
  writeFileSync(path, text);
  return path;
}

describe('the certificate that the server makes itself', () => {
  it('is for this machine and for the host of the base URL, signed with its own key', async () => {
    const { x509, cert, key } = await ensure();
    for (const name of ['localhost', 'scim.example.com']) expect(x509.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '::1']) expect(x509.checkIP(address)).toBe(address);
    expect(x509.checkHost('example.com')).toBeUndefined();
    expect(x509.verify(x509.publicKey)).toBe(true);
    expect(x509.ca).toBe(false);
    expect(daysLeft(x509, () => START)).toBeGreaterThan(700);
    expect(x509.validFromDate.getTime()).toBeLessThan(START);
    expect(readCertificate(ownCertificateFiles(dataDir))).toMatchObject({ cert, key });
  });

  it.each([
    ['https://192.168.1.5', '192.168.1.5'],
    ['https://[2001:db8::ff:1]:9443', '2001:db8::ff:1'],
    ['https://[1:2:3:4:5:6:7:8]', '1:2:3:4:5:6:7:8'],
    ['https://[fd00::]', 'fd00::'],
    ['https://[::ffff:10.0.0.1]', '::ffff:10.0.0.1'],
  ])('is for the address in %s', async (baseUrl, address) => {
    const { x509 } = await ensure(0, baseUrl);
    expect(x509.checkIP(address)).toBe(address);
    expect((await ensure(1, baseUrl)).x509.serialNumber).toBe(x509.serialNumber);
  });

  it('is for a name beyond ASCII', async () => {
    const baseUrl = new URL('https://bücher.example').origin;
    const { x509 } = await ensure(0, baseUrl);
    expect(x509.checkHost('xn--bcher-kva.example')).toBeDefined();
  });

  it('lies in files of its own, the key readable to the owner alone, and leaves no drafts', async () => {
    await ensure();
    const { certFile, keyFile } = ownCertificateFiles(dataDir);
    expect(readdirSync(dataDir).map((name) => join(dataDir, name))).toEqual([certFile, keyFile]);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  });

  it('stays until its last 30 days, or until it has expired', async () => {
    const first = await ensure();
    const days = Math.floor(daysLeft(first.x509, () => START));
    expect((await ensure(days - 30)).cert).toBe(first.cert);
    const second = await ensure(days - 29);
    expect(second.cert).not.toBe(first.cert);
    expect(second.key).not.toBe(first.key);
    const third = await ensure(days * 3);
    expect(daysLeft(third.x509, () => START + days * 3 * DAY_MS)).toBeGreaterThan(700);
  });

  it('is another one when the host of the base URL is another one', async () => {
    const first = await ensure();
    const second = await ensure(0, 'https://other.example.com');
    expect(second.x509.checkHost('other.example.com')).toBeDefined();
    expect(second.x509.serialNumber).not.toBe(first.x509.serialNumber);
    expect((await ensure(0, 'https://other.example.com:9443/x')).cert).toBe(second.cert);
  });

  it('is made anew when its files are damaged or one is missing', async () => {
    const { certFile, keyFile } = ownCertificateFiles(dataDir);
    for (const spoil of [
      () => rmSync(keyFile),
      () => rmSync(certFile),
      () => writeFileSync(keyFile, ''),
      () => writeFileSync(certFile, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'),
    ]) {
      const { cert } = await ensure();
      spoil();
      const made = await ensure();
      expect(made.cert).not.toBe(cert);
      expect(readCertificate(ownCertificateFiles(dataDir)).cert).toBe(made.cert);
    }
  });

  it('that can’t be kept is a problem of the data directory', async () => {
    dataDir = join(dataDir, 'missing');
    await expect(ensure()).rejects.toThrow(/^The certificate can't be kept in .*tls-key\.pem: ENOENT\.$/);
    dataDir = join(dataDir, '..');
  });
});

describe('a certificate of the operator', () => {
  const PASSPHRASE = { cipher: 'aes-256-cbc', passphrase: 'secret', type: 'pkcs8', format: 'pem' } as const;

  async function files(): Promise<{ certFile: string; keyFile: string; cert: string }> {
    const { cert, key } = await makeSelfSigned(['scim.example.com'], START);
    return { certFile: file('cert.pem', cert), keyFile: file('key.pem', key), cert };
  }

  const problemOf = (given: { certFile: string; keyFile: string }): string => {
    try {
      readCertificate(given);
    } catch (error) {
      if (error instanceof ServiceError) return error.message;
      throw error;
    }
    return 'none';
  };

  it('is read with those of the authorities behind it', async () => {
    const { certFile, keyFile, cert } = await files();
    const { cert: authority } = await makeSelfSigned(['ca.example.com'], START);
    writeFileSync(certFile, `Some text before.\n${cert}${authority}`);
    const { x509 } = readCertificate({ certFile, keyFile });
    expect(x509.checkHost('scim.example.com')).toBeDefined();
  });

  it('and a key that does not fit are refused, in whichever order the chain is wrong', async () => {
    const { certFile, keyFile, cert } = await files();
    const other = await makeSelfSigned(['scim.example.com'], START);
    expect(problemOf({ certFile, keyFile: file('other.pem', other.key) })).toMatch(/is not that of/);
    writeFileSync(certFile, other.cert + cert);
    expect(problemOf({ certFile, keyFile })).toMatch(/comes first in its file/);
  });

  it('in a file that is missing, unreadable or no file is refused by its name', async () => {
    const { certFile, keyFile } = await files();
    const missing = join(dataDir, 'missing.pem');
    expect(problemOf({ certFile: missing, keyFile })).toBe(
      `The certificate can't be read from ${missing}: ENOENT.`,
    );
    expect(problemOf({ certFile, keyFile: missing })).toBe(
      `The key of the certificate can't be read from ${missing}: ENOENT.`,
    );
    expect(problemOf({ certFile, keyFile: dataDir })).toMatch(/EISDIR\.$/);
    // root reads whatever the mode says
    chmodSync(keyFile, 0o000);
    if (process.getuid?.() !== 0) expect(problemOf({ certFile, keyFile })).toMatch(/EACCES\.$/);
  });

  it.each([
    ['nothing', '', /holds no certificate in PEM form/],
    ['other text', 'hello', /holds no certificate in PEM form/],
    ['DER', '\x30\x82\x01\x01', /holds no certificate in PEM form/],
    ['a broken PEM', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', /is damaged/],
  ])('that is %s is refused', async (_what, text, expected) => {
    const { keyFile } = await files();
    expect(problemOf({ certFile: file('bad.pem', text), keyFile })).toMatch(expected);
  });

  it('whose chain is broken behind it is refused', async () => {
    const { certFile, keyFile, cert } = await files();
    writeFileSync(certFile, `${cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`);
    expect(problemOf({ certFile, keyFile })).toMatch(/can't be used for TLS/);
  });

  it.each([
    ['nothing', () => '', /holds no private key in PEM form/],
    ['a certificate', (cert: string) => cert, /holds no private key in PEM form/],
    [
      'encrypted',
      () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(PASSPHRASE).toString(),
      /is encrypted/,
    ],
  ])('with a key that is %s is refused', async (_what, text, expected) => {
    const { certFile, cert } = await files();
    expect(problemOf({ certFile, keyFile: file('bad.pem', text(cert)) })).toMatch(expected);
  });
});
