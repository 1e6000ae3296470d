import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Clock } from './clock.ts';
import { ServiceError } from './service-error.ts';

/** Where a certificate and its private key are: PEM files. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What a server shows to its clients, with the private key that belongs to it. */
export interface Certificate {
  /** PEM; certificates of the authorities between may follow the first one. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
  readonly x509: X509Certificate;
}

const DAY_MS = 86_400_000;

/** Authorities and their clients begin to renew about then. */
export const SCARCE_DAYS = 14;

/** A certificate of the server's own is replaced by the first start in its last days. */
const RENEWAL_DAYS = 30;

/**
 * Reads a certificate and its key from the files that an operator has named.
 *
 * @throws ServiceError when a file can't be read or is no PEM, or when the two do not belong together
 */
export function readCertificate({ certFile, keyFile }: CertificateFiles): Certificate {
  const cert = readText(certFile, 'The certificate');
  const key = readText(keyFile, 'The key of the certificate');
  const x509 = certificateOf(cert, certFile);
  if (!x509.checkPrivateKey(privateKeyOf(key, keyFile))) {
    throw failed(
      `The key in ${keyFile} is not that of the certificate in ${certFile}. Give the two that were made together; the ` +
        "server's own certificate comes first in its file.",
    );
  }
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw failed(`The certificate in ${certFile} can't be used for TLS: ${(error as Error).message}.`);
  }
  return { cert, key, x509 };
}

const failed = (message: string): ServiceError => new ServiceError('failed', message);

function readText(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw failed(`${what} can't be read from ${file}: ${reasonOf(error)}.`);
  }
}

const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

function certificateOf(text: string, file: string): X509Certificate {
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw failed(`${file} holds no certificate in PEM form.`);
  try {
    return new X509Certificate(text);
  } catch {
    throw failed(`The certificate in ${file} is damaged.`);
  }
}

function privateKeyOf(text: string, file: string): ReturnType<typeof createPrivateKey> {
  if (/-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(text)) {
    throw failed(`The key in ${file} is encrypted: give one without a passphrase, in a file of mode 0600.`);
  }
  try {
    return createPrivateKey({ key: text, format: 'pem' });
  } catch {
    throw failed(`${file} holds no private key in PEM form.`);
  }
}

/** The files of the certificate that the server makes itself. */
export const ownCertificateFiles = (dataDir: string): CertificateFiles => ({
  certFile: join(dataDir, 'tls-cert.pem'),
  keyFile: join(dataDir, 'tls-key.pem'),
});

/**
 * The certificate that the server has made itself, kept in the data directory. It is made anew when there is none that
 * can be used, when it has expired or is about to, and when it is not for the host of the base URL.
 *
 * @throws ServiceError when it can't be kept
 */
export async function ensureOwnCertificate(source: {
  readonly dataDir: string;
  readonly baseUrl: string;
  readonly now: Clock;
}): Promise<Certificate> {
  const files = ownCertificateFiles(source.dataDir);
  const names = namesOf(source.baseUrl);
  const kept = readIfUsable(files);
  if (kept !== undefined && isFor(kept.x509, names) && daysLeft(kept.x509, source.now) >= RENEWAL_DAYS) {
    return kept;
  }
  // only a start that makes one needs the code for it
  const { makeSelfSigned } = await import('./self-signed.ts');
  const made = await makeSelfSigned(names, source.now());
  keep(files.keyFile, made.key, 0o600);
  keep(files.certFile, made.cert, 0o644);
  return { ...made, x509: new X509Certificate(made.cert) };
}

/** @returns how many days a certificate is still valid for; negative when it has expired */
export const daysLeft = (x509: X509Certificate, now: Clock): number =>
  (x509.validToDate.getTime() - now()) / DAY_MS;

function namesOf(baseUrl: string): readonly string[] {
  const { hostname } = new URL(baseUrl);
  return [...new Set(['localhost', '127.0.0.1', '::1', hostname.replace(/^\[|\]$/g, '')])];
}

const isFor = (x509: X509Certificate, names: readonly string[]): boolean =>
  names.every((name) => (isIP(name) === 0 ? x509.checkHost(name) : x509.checkIP(name)) !== undefined);

function readIfUsable(files: CertificateFiles): Certificate | undefined {
  try {
    return readCertificate(files);
  } catch {
    return undefined;
  }
}

/** Never leaves half a file behind. */
function keep(file: string, text: string, mode: number): void {
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, text, { mode, flag: 'wx', flush: true });
    renameSync(draft, file);
  } catch (error) {
    throw failed(`The certificate can't be kept in ${file}: ${reasonOf(error)}.`);
  } finally {
    rmSync(draft, { force: true });
  }
}
