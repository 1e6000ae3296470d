import type { JsonValue } from './json.ts';
import type { Attribute } from './schema.ts';

/**
 * The comparison key of a value: the one text form in which two values are equal, ordered and searched, by the
 * reference matcher and by every database alike. Databases disagree on upper and lower case beyond ASCII, so no
 * SQL function ever folds text.
 *
 * - text: NFC, and lower case with full-width letters narrowed unless the attribute is caseExact (RFC 8265)
 * - dateTime: UTC without zone letter, the fraction without trailing zeros
 * - integer and decimal: the bits of the double as 16 hexadecimal digits that sort as the numbers do
 * - boolean: `true` or `false`
 *
 * @returns undefined when the value is not of the attribute's type
 */
export function comparisonKey(attribute: Attribute, value: JsonValue): string | undefined {
  switch (attribute.type) {
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'integer':
    case 'decimal':
      return typeof value === 'number' && Number.isFinite(value) ? numberKey(value) : undefined;
    case 'dateTime':
      return typeof value === 'string' ? dateTimeKey(value) : undefined;
    case 'complex':
      return undefined;
    default:
      if (typeof value !== 'string') return undefined;
      return attribute.caseExact ? value.normalize('NFC') : foldText(value);
  }
}

const ASCII = /^[^\u0080-\uffff]*$/;
// without those whose usual form NFKC would decompose further (half width Hangul, the full width macron)
const WIDE = /[\u3000\uff00-\uff9f\uffe0-\uffe2\uffe4-\uffef]/g;

/**
 * Folds text for comparison without case (RFC 8265 section 3.3): full and half width forms become the usual ones, then
 * lower case (not case folding: ß stays ß), then NFC. A final sigma counts as a sigma, so that folding a part of a text
 * gives a part of the folded text.
 */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text
    .replace(WIDE, (wide) => wide.normalize('NFKC'))
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFC');
}

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})?$/i;

/** The key of an xsd:dateTime (RFC 7643 section 2.3.5); a time without zone counts as UTC. */
export function dateTimeKey(text: string): string | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const offset = offsetMinutes(zone);
  if (offset === undefined) return undefined;
  const [m, d, h, min, s] = [month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (m < 1 || m > 12 || d < 1 || d > daysIn(Number(year), m) || h > 24 || min > 59 || s > 60)
    return undefined;
  if (h === 24 && (min > 0 || s > 0)) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), m - 1, d);
  date.setUTCHours(h, min - offset, s);
  const seconds = date.toISOString();
  if (seconds.length !== 24) return undefined; // the zone moved it out of the years 0 to 9999
  const digits = withoutTrailingZeros(fraction ?? '');
  return digits === '' ? seconds.slice(0, 19) : `${seconds.slice(0, 19)}.${digits}`;
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}

const daysIn = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31;

/** Zones go from -14:00 to +14:00 (XML Schema part 2, section 3.2.7.3). */
function offsetMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const past = Number(zone.slice(4, 6));
  const minutes = Number(zone.slice(1, 3)) * 60 + past;
  if (past > 59 || minutes > 14 * 60) return undefined;
  return zone.startsWith('-') ? -minutes : minutes;
}

const bits = new DataView(new ArrayBuffer(8));

function numberKey(value: number): string {
  bits.setFloat64(0, value === 0 ? 0 : value);
  const raw = bits.getBigUint64(0);
  const sign = 1n << 63n;
  // negative numbers sort backwards in their bits, positive ones need to come after them
  const sortable = raw & sign ? ~raw & (2n ** 64n - 1n) : raw | sign;
  return sortable.toString(16).padStart(16, '0');
}

/** The order of keys: by code point, which is the order of their UTF-8 bytes in SQLite and in PostgreSQL's "C". */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x === y) continue;
    const xIsSurrogate = x >= 0xd800 && x <= 0xdfff;
    const yIsSurrogate = y >= 0xd800 && y <= 0xdfff;
    // a surrogate stands for a code point past U+FFFF, after all that are not
    if (xIsSurrogate !== yIsSurrogate) return xIsSurrogate ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}
