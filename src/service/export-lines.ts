import { createHash } from 'node:crypto';
import type { Tenant } from '../storage/directory.ts';
import type { TenantRecord } from '../storage/records.ts';
import { ServiceError } from './service-error.ts';

// An export is JSON lines: a header, records, and an end that says how many there were and the digest of all lines before.

/** What is written; a reader of another one says so. */
const FORMAT = 1;

/** The first line. */
export interface ExportHeader {
  readonly kind: 'roster-export';
  readonly format: number;
  /** Tells exports apart, so that an import that stopped is continued by the same one. */
  readonly id: string;
  readonly created: string;
  /** Whether it is everything that the server has. */
  readonly whole: boolean;
  readonly tenants: readonly Pick<Tenant, 'id' | 'domain' | 'active'>[];
  readonly settings: Readonly<Record<string, string>>;
  /** Tells which secret key the credentials need, without telling the key; absent: any. */
  readonly keyCheck?: string | undefined;
}

/** How many there are of what; members count one by one. */
export type Counts = Readonly<Record<string, number>>;

/** The last line. */
export interface ExportEnd {
  readonly kind: 'end';
  /** Lines before this one. */
  readonly lines: number;
  readonly counts: Counts;
  /** Of these lines, each with its line feed; hexadecimal. */
  readonly sha256: string;
}

export const makeHeader = (header: Omit<ExportHeader, 'kind' | 'format'>): ExportHeader => ({
  kind: 'roster-export',
  format: FORMAT,
  ...header,
});

/** Counts lines and records and keeps the digest of the lines. */
export interface Tally {
  /** @param line without its line feed */
  addLine(line: string | Uint8Array): void;
  addRecord(record: TenantRecord): void;
  /** A record of a resource that nobody has looked into. */
  addResource(): void;
  readonly lines: () => number;
  readonly sha256: () => string;
  readonly counts: () => Counts;
}

/** @param known counts of records whose lines are read again, but not looked into */
export function createTally(known: Counts = {}): Tally {
  const hash = createHash('sha256');
  const counts: Record<string, number> = { ...known };
  let lines = 0;
  const add = (kind: string, more: number): void => {
    counts[kind] = (counts[kind] ?? 0) + more;
  };
  return {
    addLine(line) {
      hash.update(line).update('\n');
      lines += 1;
    },
    addRecord: (record) => add(record.kind, record.kind === 'members' ? record.members.length : 1),
    addResource: () => add('resource', 1),
    lines: () => lines,
    sha256: () => hash.copy().digest('hex'),
    counts: () => counts,
  };
}

/** A record as a line; bytes are base64url. */
export const recordLine = (record: TenantRecord): string =>
  JSON.stringify(
    record.kind === 'credential'
      ? { ...record, digest: Buffer.from(record.digest).toString('base64url') }
      : record,
  );

const RESOURCE_START = Buffer.from('{"kind":"resource",');

/** Whether a line begins like that of a resource, and ends like one. */
export const isResourceLine = (line: Uint8Array): boolean =>
  RESOURCE_START.equals(line.subarray(0, RESOURCE_START.length)) && line.at(-1) === 0x7d;

const KINDS: ReadonlySet<string> = new Set<TenantRecord['kind']>([
  ...(['tenant', 'userStore', 'definition', 'integration', 'credential'] as const),
  ...(['resource', 'members', 'permission', 'operator'] as const),
]);

/**
 * @param number of the line, for the message
 * @throws ServiceError when the line holds no record
 */
export function readLine(line: Uint8Array, number: number): TenantRecord | ExportEnd {
  const json = parse(line, number) as { kind?: unknown; digest?: unknown; members?: unknown };
  if (json.kind === 'end') return json as unknown as ExportEnd;
  if (typeof json.kind !== 'string' || !KINDS.has(json.kind)) throw unknownLine(number);
  if (json.kind === 'members' && !Array.isArray(json.members)) throw unknownLine(number);
  if (json.kind === 'credential')
    return { ...json, digest: Buffer.from(String(json.digest), 'base64url') } as never;
  return json as unknown as TenantRecord;
}

/** @throws ServiceError when it is not the first line of an export, or that of a newer format */
export function readHeader(line: Uint8Array): ExportHeader {
  const json = parse(line, 1) as Partial<ExportHeader>;
  if (json.kind !== 'roster-export' || typeof json.id !== 'string' || !Array.isArray(json.tenants))
    throw unknownLine(1);
  if (json.format !== FORMAT)
    throw new ServiceError(
      'invalid',
      `The export has format ${json.format}, and this version of Roster reads format ${FORMAT}: use the version that made it, or a newer one.`,
    );
  if (!json.tenants.every(isTenant)) throw unknownLine(1);
  return json as ExportHeader;
}

/** The id of a tenant is part of credentials, and of what a database is told. */
const isTenant = (tenant: unknown): boolean =>
  typeof tenant === 'object' &&
  tenant !== null &&
  'id' in tenant &&
  /^[a-z2-7]{12}$/.test(String(tenant.id)) &&
  'domain' in tenant &&
  typeof tenant.domain === 'string';

function parse(line: Uint8Array, number: number): object {
  try {
    const json: unknown = JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.length).toString());
    if (typeof json === 'object' && json !== null) return json;
  } catch {
    // told below
  }
  throw unknownLine(number);
}

export const unknownLine = (number: number): ServiceError =>
  new ServiceError('invalid', `Line ${number} is not that of an export of Roster.`);

/** @throws ServiceError when the lines are not those that were written */
export function requireSame(tally: Tally, end: ExportEnd): void {
  const isSame =
    tally.lines() === end.lines &&
    tally.sha256() === end.sha256 &&
    countsText(tally.counts()) === countsText(end.counts);
  if (!isSame)
    throw new ServiceError('failed', 'The export is damaged: its lines are not those that its end tells of.');
}

const countsText = (counts: Counts): string => JSON.stringify(Object.entries(counts).sort());

export const cutOff = (lines: number): ServiceError =>
  new ServiceError('failed', `The export is cut off: it has no end behind line ${lines}.`);

/** Splits bytes into lines without their line feeds; what follows the last one is a line, too. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      const piece = bytes.subarray(start, end);
      yield rest.length === 0 ? piece : Buffer.concat([...rest, piece]);
      rest = [];
      start = end + 1;
    }
    if (start < bytes.length) rest.push(bytes.subarray(start));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}
