/**
 * Deterministic, realistic users: user `index` is always the same, so that a process can name a user it has never seen.
 * One user is about 1.4 KB of JSON once `id` and `meta` are added.
 */
import type { JsonObject } from '../src/core/json.ts';

const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterpriseUser = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const givenNames =
  `Olivia Liam Amélie Noah Zoë Jürgen Priya Mateo Chloé Yusuf Ingrid Håkon Wei Aisha Tomás Elif Kofi Sofia
Łukasz Hana Dmitri Leila Björn Nkechi Rafael Mei Siobhán Omar Freya Anders Valentina Kenji`.split(/\s+/);
const familyStarts =
  `Al Ber Cal Dun Eri Fos Gar Hol Iva Jor Kar Lin Mor Nor Ol Per Qua Ros Sun Tor Ul Vas Wes Yar Zim`.split(
    ' ',
  );
const familyMiddles = `a e i o ba de li mo na ri sta ten`.split(' ');
const familyEnds = `berg dahl ford gård land man nen oğlu ova quist rez sen ski ton vić well`.split(' ');
const titles =
  `Engineer Analyst Designer Accountant Recruiter Consultant Architect Technician Planner Buyer`.split(' ');
const grades = ['Junior', 'Senior', 'Lead', 'Principal'];
const areas = `Sales Support Research Finance Logistics Marketing Legal Quality Security Platform`.split(' ');
const cities: readonly (readonly [string, string, string, string, string])[] = [
  ['Hamburg', 'HH', 'DE', 'de-DE', 'Europe/Berlin'],
  ['San Francisco', 'CA', 'US', 'en-US', 'America/Los_Angeles'],
  ['Tel Aviv', 'TA', 'IL', 'en-GB', 'Asia/Jerusalem'],
  ['São Paulo', 'SP', 'BR', 'pt-BR', 'America/Sao_Paulo'],
  ['Raleigh', 'NC', 'US', 'en-US', 'America/New_York'],
  ['Colombo', 'WP', 'LK', 'en-GB', 'Asia/Colombo'],
];

const departmentCount = 500;

/** Mixes an index and a salt into 32 evenly spread bits. */
function mix(index: number, salt: number): number {
  let bits = Math.imul(index ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 13), 0x27d4eb2f);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function pick<T>(list: readonly T[], index: number, salt: number): T {
  return list[mix(index, salt) % list.length] as T;
}

function plainLetters(text: string): string {
  const special: Record<string, string> = { ł: 'l', ø: 'o', ğ: 'g', å: 'a', ć: 'c' };
  return text
    .toLowerCase()
    .replace(/[łøğåć]/g, (letter) => special[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^a-z]/g, '');
}

/** The given name of user `index`, one of 32. */
function givenNameOf(index: number): string {
  return pick(givenNames, index, 1);
}

/** The family name of user `index`, one of 4,800. */
export function familyNameOf(index: number): string {
  return pick(familyStarts, index, 2) + pick(familyMiddles, index, 3) + pick(familyEnds, index, 4);
}

/** The enterprise `department` of user `index`, one of 500. */
export function departmentOf(index: number): string {
  const number = mix(index, 5) % departmentCount;
  return `${areas[number % areas.length]} ${100 + Math.floor(number / areas.length)}`;
}

function mailbox(index: number): string {
  return `${plainLetters(givenNameOf(index))}.${plainLetters(familyNameOf(index))}${index}`;
}

/** The `userName` of user `index`: unique. */
export function userNameOf(index: number): string {
  return `${mailbox(index)}@example.com`;
}

/** The local part of the work e-mail of user `index`: what a prefix search would look for. */
export function workEmailPrefixOf(index: number): string {
  return mailbox(index);
}

/** A UUID for user `index`, for servers that do not choose ids themselves. */
export function userIdOf(index: number): string {
  const hex = [11, 12, 13, 14].map((salt) => mix(index, salt).toString(16).padStart(8, '0')).join('');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** User `index` as a client would send it in POST /Users. */
export function makeUser(index: number): JsonObject {
  const given = givenNameOf(index);
  const family = familyNameOf(index);
  const [city, region, country, locale, timezone] = pick(cities, index, 6);
  const digits = String(mix(index, 7)).padStart(10, '0');
  return {
    schemas: [coreUser, enterpriseUser],
    externalId: `00u${mix(index, 8).toString(36).padStart(7, '0')}${index.toString(36)}`,
    userName: userNameOf(index),
    name: { formatted: `${given} ${family}`, familyName: family, givenName: given },
    displayName: `${given} ${family}`,
    title: `${pick(grades, index, 9)} ${pick(titles, index, 10)}`,
    userType: 'Employee',
    preferredLanguage: locale,
    locale,
    timezone,
    active: mix(index, 15) % 10 !== 0,
    emails: [
      { value: `${mailbox(index)}@corp.example`, type: 'work', primary: true },
      { value: `${plainLetters(given)}${index}@home.example`, type: 'home' },
    ],
    phoneNumbers: [
      { value: `+1-555-${digits.slice(0, 7)}`, type: 'work' },
      { value: `+1-556-${digits.slice(3, 10)}`, type: 'mobile' },
    ],
    addresses: [
      { type: 'work', streetAddress: `${index % 900} Harbour Street`, locality: city, region, country },
    ],
    [enterpriseUser]: {
      employeeNumber: String(100_000 + index),
      costCenter: `CC-${1000 + (mix(index, 16) % 400)}`,
      organization: 'Example Corporation',
      division: pick(areas, index, 17),
      department: departmentOf(index),
    },
  };
}

/** User `index` as a server stores and serves it: with a derived id and `meta`. */
export function makeStoredUser(index: number): JsonObject {
  const id = userIdOf(index);
  const { schemas = [], ...attributes } = makeUser(index);
  const time = new Date(1_760_000_000_000 + index * 1000).toISOString();
  const location = `http://127.0.0.1:8080/scim/v2/Users/${id}`;
  const meta = { resourceType: 'User', created: time, lastModified: time, location, version: 'W/"1"' };
  return { schemas, id, ...attributes, meta };
}

/** The users `from` to `from + count - 1`, made one at a time. */
export function* makeUsers(from: number, count: number): Generator<JsonObject> {
  for (let index = from; index < from + count; index += 1) yield makeUser(index);
}
