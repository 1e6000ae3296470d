import { stringify } from 'csv-stringify/sync';
import type { AuditFilter, AuditRecord } from '../storage/audit.ts';
import type { Storage } from '../storage/storage.ts';
import { listAudit } from './audit.ts';

/** JSON lines, or a table for spreadsheets with a heading. */
export type AuditFormat = 'ndjson' | 'csv';

/** Records that are held at a time. */
const PAGE = 500;

/**
 * The records of a tenant as text, the newest first, piece by piece.
 *
 * @param tenantId undefined: what belongs to no tenant
 */
export async function* exportAudit(
  settings: { readonly storage: Pick<Storage, 'audit'> },
  tenantId: string | undefined,
  filter: AuditFilter,
  format: AuditFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvText([COLUMNS.map(([name]) => name)]);
  let behind: string | undefined;
  do {
    const { records, next } = await listAudit(settings, tenantId, filter, behind, PAGE);
    if (records.length > 0) yield format === 'csv' ? csvText(records.map(csvRow)) : jsonLines(records);
    behind = next;
  } while (behind !== undefined);
}

const jsonLines = (records: readonly AuditRecord[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

type Cell = string | number | undefined;

const COLUMNS: readonly (readonly [name: string, of: (record: AuditRecord) => Cell])[] = [
  ['time', ({ time }) => time],
  ['action', ({ action }) => action],
  ['result', ({ result }) => result],
  ['actorKind', ({ actor }) => actor.kind],
  ['actorId', ({ actor }) => actor.id],
  ['actorName', ({ actor }) => actor.name],
  ['via', ({ actor }) => actor.via],
  ['address', ({ actor }) => actor.address],
  ['targetType', ({ target }) => target?.type],
  ['targetId', ({ target }) => target?.id],
  ['targetName', ({ target }) => target?.name],
  ['attributes', ({ detail }) => detail.attributes?.join(' ')],
  ['membersAdded', ({ detail }) => detail.membersAdded?.join(' ')],
  ['membersAddedTotal', ({ detail }) => detail.membersAddedTotal],
  ['membersRemoved', ({ detail }) => detail.membersRemoved?.join(' ')],
  ['membersRemovedTotal', ({ detail }) => detail.membersRemovedTotal],
  ['text', ({ detail }) => detail.text],
  ['requestId', ({ actor }) => actor.requestId],
  ['id', ({ id }) => id],
];

const csvRow = (record: AuditRecord): Cell[] => COLUMNS.map(([, of]) => of(record));

/** What begins as a formula does is made text: names are anybody's to choose, and spreadsheets carry formulas out. */
const csvText = (rows: readonly (readonly Cell[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  );
