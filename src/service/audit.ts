import {
  type Actor,
  type AuditDetail,
  type AuditFilter,
  type AuditRecord,
  type AuditTarget,
  type NewAuditRecord,
  SERVER_AUDIT,
} from '../storage/audit.ts';
import type { Storage } from '../storage/storage.ts';
import type { ChangeNote } from './change-notes.ts';
import type { Clock } from './clock.ts';
import { newResourceId } from './ids.ts';

/** Something that was done or refused, before it is known who did it and when. */
export interface AuditEntry {
  /** As `type.verb`. */
  readonly action: string;
  readonly target?: AuditTarget | undefined;
  readonly detail?: AuditDetail;
  /** When not said: success. */
  readonly result?: AuditRecord['result'];
}

/** What is kept of a name, which is somebody's text and may be long. */
const TEXT_CHARACTERS = 200;

/** Most names of attributes in one record. */
const NAMED_ATTRIBUTES = 100;

interface AuditStorage {
  readonly storage: Pick<Storage, 'audit'>;
  readonly now: Clock;
}

/**
 * Appends one record.
 *
 * @param tenantId whose it is; undefined: no tenant's, so that owners alone see it
 */
export async function appendAudit(
  { storage, now }: AuditStorage,
  actor: Actor,
  tenantId: string | undefined,
  entry: AuditEntry,
): Promise<void> {
  const ofTenant = tenantId ?? SERVER_AUDIT;
  await storage.audit.append(ofTenant, [makeRecord(now(), actor, entry)]);
}

/** Appends for one actor. */
export const auditBy =
  (settings: AuditStorage, actor: Actor) =>
  (tenantId: string | undefined, entry: AuditEntry): Promise<void> =>
    appendAudit(settings, actor, tenantId, entry);

/** The record of what became of a resource. */
export function recordOfChange(
  nowMs: number,
  actor: Actor,
  { kind, type, id, name, attributes, membersAdded, membersRemoved }: ChangeNote,
): NewAuditRecord {
  const detail: AuditDetail = {
    ...(attributes.length > 0 && { attributes: attributes.slice(0, NAMED_ATTRIBUTES) }),
    ...(membersAdded.total > 0 && {
      ...{ membersAdded: membersAdded.ids, membersAddedTotal: membersAdded.total },
    }),
    ...(membersRemoved.total > 0 && {
      ...{ membersRemoved: membersRemoved.ids, membersRemovedTotal: membersRemoved.total },
    }),
  };
  return makeRecord(nowMs, actor, {
    ...{ action: `${uncapitalized(type)}.${kind}`, target: { type, id, name }, detail },
  });
}

function makeRecord(
  nowMs: number,
  actor: Actor,
  { action, target, detail = {}, result = 'success' }: AuditEntry,
): NewAuditRecord {
  return {
    ...{ id: newResourceId(nowMs), action, detail, result },
    actor: { ...actor, name: shortText(actor.name) },
    target: target && { ...target, name: target.name && shortText(target.name) },
  };
}

/** PostgreSQL has no text with a NUL in it. */
const shortText = (text: string): string => text.slice(0, TEXT_CHARACTERS).replaceAll('\0', '');

const uncapitalized = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** A page of records, the newest first. */
export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** The id of the last one, to go on behind; undefined: nothing comes behind it. */
  readonly next: string | undefined;
}

/**
 * Who did what in a tenant.
 *
 * @param tenantId undefined: what belongs to no tenant
 * @param behind `next` of the page before; undefined: the first page
 * @param most records of a page
 */
export async function listAudit(
  { storage }: Pick<AuditStorage, 'storage'>,
  tenantId: string | undefined,
  filter: AuditFilter,
  behind: string | undefined,
  most: number,
): Promise<AuditPage> {
  // one more tells whether there is a next page
  const found = await storage.audit.list(tenantId ?? SERVER_AUDIT, filter, behind, most + 1);
  const records = found.slice(0, most);
  return { records, next: found.length > most ? records.at(-1)?.id : undefined };
}

/** Who changed a resource, or anything else that has an id. */
export const historyOf = (
  settings: Pick<AuditStorage, 'storage'>,
  tenantId: string,
  resourceId: string,
  behind: string | undefined,
  most: number,
): Promise<AuditPage> => listAudit(settings, tenantId, { targetId: resourceId }, behind, most);
