import { createHash, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { Integer, OctetString, Utf8String } from 'asn1js';
import {
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  GeneralName,
  GeneralNames,
} from 'pkijs';

/** The longest that Apple's systems trust a certificate for that was installed by hand. */
const VALID_DAYS = 825;

const DAY_MS = 86_400_000;

/** Clients' clocks may be behind. */
const CLOCK_DIFFERENCE_MS = DAY_MS;

// RFC 5280 sections 4.2.1 and A.1
const COMMON_NAME = '2.5.4.3';
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/**
 * Makes a certificate that is signed with its own key (RFC 5280), for TLS servers and nothing else: it can't vouch for
 * other certificates, wherever it is trusted.
 *
 * @param names host names and addresses that it is for; in `xn--` form where they are not ASCII
 * @param now milliseconds since 1970
 * @returns PEM texts
 */
export async function makeSelfSigned(
  names: readonly string[],
  now: number,
): Promise<{ readonly cert: string; readonly key: string }> {
  const { privateKey, publicKey } = await webcrypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' },
    true,
    ['sign', 'verify'],
  );
  const certificate = new Certificate();
  certificate.version = 2; // v3
  certificate.serialNumber = new Integer({ valueHex: new Uint8Array([1, ...randomBytes(15)]) });
  for (const name of [certificate.issuer, certificate.subject]) {
    const value = new Utf8String({ value: 'Roster, self-signed' });
    name.typesAndValues.push(new AttributeTypeAndValue({ type: COMMON_NAME, value }));
  }
  certificate.notBefore.value = new Date(now - CLOCK_DIFFERENCE_MS);
  certificate.notAfter.value = new Date(now - CLOCK_DIFFERENCE_MS + VALID_DAYS * DAY_MS);
  const publicBits = await webcrypto.subtle.exportKey('raw', publicKey);
  const keyIdentifier = createHash('sha1').update(new Uint8Array(publicBits)).digest();
  certificate.extensions = [
    extension(BASIC_CONSTRAINTS, new BasicConstraints({ cA: false }).toSchema(), true),
    extension(SUBJECT_KEY_IDENTIFIER, new OctetString({ valueHex: keyIdentifier })),
    extension(EXTENDED_KEY_USAGE, new ExtKeyUsage({ keyPurposes: [SERVER_AUTH] }).toSchema()),
    extension(SUBJECT_ALT_NAME, new GeneralNames({ names: names.map(generalNameOf) }).toSchema()),
  ];
  await certificate.subjectPublicKeyInfo.importKey(publicKey);
  await certificate.sign(privateKey, 'SHA-256');
  const der = certificate.toSchema(true).toBER(false);
  return {
    cert: new X509Certificate(new Uint8Array(der)).toString(),
    key: KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const extension = (extnID: string, value: { toBER(sizeOnly?: boolean): ArrayBuffer }, critical = false) =>
  new Extension({ extnID, critical, extnValue: value.toBER(false) });

const generalNameOf = (name: string): GeneralName =>
  isIP(name) === 0
    ? new GeneralName({ type: DNS_NAME, value: name })
    : new GeneralName({ type: IP_ADDRESS, value: new OctetString({ valueHex: bytesOf(name) }) });

/** The bytes of an address in network order: 4 or 16. */
function bytesOf(address: string): Uint8Array<ArrayBuffer> {
  if (isIPv4(address)) return new Uint8Array(address.split('.').map(Number));
  // a URL writes every group in hexadecimal
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const first = groupsOf(head);
  const last = groupsOf(tail ?? '');
  const groups = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return new Uint8Array(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

const groupsOf = (text: string): number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
