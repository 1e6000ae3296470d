import type { KeyObject } from 'node:crypto';
import type { Registry } from '../core/registry.ts';
import type { Directory } from '../storage/directory.ts';
import type {
  MembersRecord,
  PlainRecord,
  RecordStore,
  TenantRecord,
  UserPassword,
} from '../storage/records.ts';
import type { ResourceWrite } from '../storage/storage.ts';
import {
  type Counts,
  createTally,
  cutOff,
  type ExportEnd,
  type ExportHeader,
  isResourceLine,
  readHeader,
  readLine,
  requireSame,
  type Tally,
  unknownLine,
} from './export-lines.ts';
import { FIRST_START } from './first-start.ts';
import { bindKey, isKeyOf, KEY_CHECK } from './keys.ts';
import { createRegistries } from './registries.ts';
import { movedWrite } from './resource-changes.ts';
import { ServiceError } from './service-error.ts';

/** Records and bytes of lines in one transaction: the more, the fewer times a page of an index is written. */
const BATCH = 10_000;
const BATCH_BYTES = 32 * 1024 * 1024;

/** What an import works with. */
export interface ImportTarget {
  readonly records: RecordStore;
  readonly directory: Directory;
  readonly key: KeyObject;
  /** Whether credentials may be imported that need another key, with which they would work. */
  readonly acceptKey: boolean;
}

export interface ImportSummary {
  readonly tenants: readonly string[];
  readonly lines: number;
  readonly counts: Counts;
  readonly sha256: string;
  /** Lines that an earlier run of the same import had written already. */
  readonly resumedBehind: number;
}

/** How far an import has come, kept in the transaction that brought it there. */
interface Progress {
  readonly lines: number;
  readonly sha256: string;
  readonly counts: Counts;
}

/**
 * Checks that an export is whole and undamaged, without writing anything.
 *
 * @throws ServiceError
 */
export async function checkExport(lines: AsyncIterable<Uint8Array>): Promise<void> {
  const tally = createTally();
  for await (const line of lines) {
    if (tally.lines() === 0) readHeader(line);
    // the digest tells whether these are what they were, which are nearly all
    else if (isResourceLine(line)) tally.addResource();
    else {
      const record = readLine(line, tally.lines() + 1);
      if (record.kind === 'end') return requireSame(tally, record);
      tally.addRecord(record);
    }
    tally.addLine(line);
  }
  throw cutOff(tally.lines());
}

/**
 * Writes an export into a server that has none of its tenants. They stay deactivated until all of it is written and has
 * been found undamaged. What an earlier run has written is skipped.
 *
 * @param onBytes told how much has been read
 * @throws ServiceError
 */
export async function importRecords(
  target: ImportTarget,
  lines: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): Promise<ImportSummary> {
  let state: Import | undefined;
  let bytes = 0;
  try {
    for await (const line of lines) {
      bytes += line.length + 1;
      onBytes(bytes);
      if (state === undefined) {
        state = await begin(target, readHeader(line));
        state.tally.addLine(line);
        continue;
      }
      const end = await takeLine(target, state, line);
      if (end !== undefined) return await finish(target, state, end);
    }
    if (state !== undefined) await writeRest(target, state);
    throw cutOff(state?.tally.lines() ?? 0);
  } finally {
    // whatever ends the import, nothing of it goes on
    await state?.writing.catch(() => {});
  }
}

/** An import that is under way. */
interface Import {
  readonly header: ExportHeader;
  readonly tally: Tally;
  /** Where an earlier run stopped; undefined: this is the first. */
  readonly before: Progress | undefined;
  readonly tenantIds: ReadonlySet<string>;
  registry: { readonly tenantId: string; readonly typeByName: Registry['typeByName'] } | undefined;
  batch: Batch;
  /** The transaction that is under way, or was the last one. */
  writing: Promise<void>;
}

/** Records of one tenant that are written together. */
interface Batch {
  readonly tenantId: string;
  readonly plain: PlainRecord[];
  readonly resources: ResourceWrite[];
  readonly passwords: UserPassword[];
  readonly members: MembersRecord[];
  size: number;
  bytes: number;
}

const newBatch = (tenantId: string): Batch => ({
  tenantId,
  plain: [],
  resources: [],
  passwords: [],
  members: [],
  size: 0,
  bytes: 0,
});

const progressName = ({ id }: ExportHeader): string => `import ${id}`;

async function begin(
  { records, directory, key, acceptKey }: ImportTarget,
  header: ExportHeader,
): Promise<Import> {
  if (!acceptKey && !isKeyOf(header.keyCheck, key))
    throw new ServiceError(
      'failed',
      'The credentials of the export were made with another secret key than that of this server: none would work. Give ' +
        'this server that key (ROSTER_SECRET_KEY, ROSTER_SECRET_KEY_FILE or secret.key in the data directory), or ' +
        'import with --accept-key and make every credential anew.',
    );
  const before = await progressOf(directory, header);
  const firstStart = header.settings[FIRST_START];
  const [first] = header.tenants;
  // a server that is started meanwhile makes nothing of its own
  if (first !== undefined && firstStart !== undefined)
    await records.transaction(first.id, (tx) => tx.putSetting(FIRST_START, firstStart));
  return {
    header,
    tally: createTally(before?.counts),
    before,
    tenantIds: new Set(header.tenants.map(({ id }) => id)),
    registry: undefined,
    batch: newBatch(first?.id ?? ''),
    writing: Promise.resolve(),
  };
}

/** @throws ServiceError when the server has tenants of the export that this import has not made */
async function progressOf(directory: Directory, header: ExportHeader): Promise<Progress | undefined> {
  const text = await directory.getSetting(progressName(header));
  const known = text === undefined ? undefined : (JSON.parse(text) as Progress);
  const [ids, domains] = [new Set<string>(), new Set<string>()];
  for (const { id, domain } of header.tenants) {
    ids.add(id);
    domains.add(domain);
  }
  const present = (await directory.listTenants()).filter(
    ({ id, domain }) => ids.has(id) || domains.has(domain),
  );
  if (present.length === 0) return undefined;
  const begun = new Set(header.tenants.slice(0, known?.counts.tenant ?? 0).map(({ id }) => id));
  if (present.length === begun.size && present.every(({ id }) => begun.has(id))) return known;
  const names = present.slice(0, 3).map(({ domain }) => domain);
  const more = present.length > 3 ? ` and ${present.length - 3} more` : '';
  throw new ServiceError(
    'conflict',
    `This server has ${names.join(', ')}${more} already: import into a new data directory, or delete there what is to be replaced.`,
  );
}

/** @returns the end when the line is that */
async function takeLine(
  target: ImportTarget,
  state: Import,
  line: Uint8Array,
): Promise<ExportEnd | undefined> {
  const { tally, before } = state;
  if (before !== undefined && tally.lines() < before.lines) {
    tally.addLine(line);
    if (tally.lines() === before.lines && tally.sha256() !== before.sha256)
      throw new ServiceError('failed', 'The export is not the one that an earlier run has begun with.');
    return undefined;
  }
  const number = tally.lines() + 1;
  const record = readLine(line, number);
  if (record.kind === 'end') return record;
  const tenantId = record.kind === 'tenant' ? record.id : record.tenantId;
  if (!state.tenantIds.has(tenantId)) throw unknownLine(number);
  // a tenant alone brings nobody who may do everything
  if (record.kind === 'operator' && record.role === 'owner' && !state.header.whole) throw unknownLine(number);
  if (state.batch.tenantId !== tenantId) {
    await writeBatch(target, state);
    state.batch = newBatch(tenantId);
  }
  await addRecord(target, state, record, number);
  tally.addRecord(record);
  tally.addLine(line);
  state.batch.size += record.kind === 'members' ? record.members.length : 1;
  state.batch.bytes += line.length;
  if (state.batch.size >= BATCH || state.batch.bytes >= BATCH_BYTES) await writeBatch(target, state);
  return undefined;
}

async function addRecord(
  target: ImportTarget,
  state: Import,
  record: TenantRecord,
  number: number,
): Promise<void> {
  if (record.kind === 'members') state.batch.members.push(record);
  else if (record.kind === 'tenant')
    // finishing it is the change that brings it to its revision
    state.batch.plain.push({ ...record, active: false, revision: record.revision - 1 });
  else if (record.kind === 'resource') {
    const { type, id, doc, version, created, lastModified, hidden, store, password } = record;
    const resourceType = (await typesOf(target, state, record.tenantId)).get(type);
    if (resourceType === undefined)
      throw new ServiceError(
        'failed',
        `Line ${number} has a resource of the type ${type}, which is not defined.`,
      );
    try {
      const stored = { id, doc, version, created, lastModified };
      state.batch.resources.push(movedWrite(resourceType, stored, hidden, store));
    } catch {
      throw unknownLine(number);
    }
    if (password !== undefined) state.batch.passwords.push({ userId: id, ...password });
  } else state.batch.plain.push(record);
}

/** The resource types of a tenant, whose definitions come before its resources. */
async function typesOf(
  target: ImportTarget,
  state: Import,
  tenantId: string,
): Promise<Registry['typeByName']> {
  if (state.registry?.tenantId === tenantId) return state.registry.typeByName;
  await writeRest(target, state);
  const { directory } = target;
  const revision = await directory.definitionRevision(tenantId);
  const { typeByName } = await createRegistries({ directory }).of(tenantId, revision);
  state.registry = { tenantId, typeByName };
  return typeByName;
}

/** Begins to write the records that are together, once those before them are written; others are read meanwhile. */
async function writeBatch({ records }: ImportTarget, state: Import): Promise<void> {
  const { tenantId, plain, resources, passwords, members, size } = state.batch;
  if (size === 0) return;
  const { tally, header } = state;
  const progress: Progress = { lines: tally.lines(), sha256: tally.sha256(), counts: { ...tally.counts() } };
  state.batch = newBatch(tenantId);
  await state.writing;
  state.writing = records.transaction(tenantId, async (tx) => {
    for (const record of plain) await tx.insertRecord(record);
    if (resources.length > 0) await tx.insertResources(tenantId, resources);
    await tx.insertPasswords(tenantId, passwords);
    for (const { groupId, members: some } of members) await tx.addMembers(tenantId, groupId, some);
    await tx.putSetting(progressName(header), JSON.stringify(progress));
  });
  // it is told where the writing is waited for
  state.writing.catch(() => {});
}

/** Writes what is left and waits until all is written. */
async function writeRest(target: ImportTarget, state: Import): Promise<void> {
  await writeBatch(target, state);
  await state.writing;
}

async function finish(target: ImportTarget, state: Import, end: ExportEnd): Promise<ImportSummary> {
  const { header, tally, before } = state;
  requireSame(tally, end);
  await writeRest(target, state);
  const { records, directory, key } = target;
  if ((await directory.getSetting(KEY_CHECK)) === undefined) await bindKey(directory, key);
  await records.transaction(header.tenants[0]?.id ?? '', async (tx) => {
    for (const { id, active } of header.tenants) await tx.setTenantActive(id, active);
    await tx.putSetting(progressName(header), undefined);
  });
  return {
    tenants: header.tenants.map(({ domain }) => domain),
    lines: tally.lines(),
    counts: tally.counts(),
    sha256: tally.sha256(),
    resumedBehind: before?.lines ?? 0,
  };
}
