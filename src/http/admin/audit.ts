import { Readable } from 'node:stream';
import type { z } from 'zod';
import { type AuditPage, appendAudit, listAudit } from '../../service/audit.ts';
import { exportAudit } from '../../service/audit-export.ts';
import { actorOf } from './caller.ts';
import type { AUDIT_ROUTES, auditRecord } from './contract/audit.ts';
import type { HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';

type AuditFilter = Parameters<typeof listAudit>[2];

/** What a query can ask for. */
interface Filters extends Pick<AuditFilter, 'via' | 'action'> {
  readonly actor?: string | undefined;
  readonly target?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const filterOf = ({ actor, target, since, until, via, action }: Filters): AuditFilter => ({
  ...{ actorId: actor, targetId: target, via, action },
  ...{ since: millisecondsOf(since), until: millisecondsOf(until) },
});

/** A time of a query in milliseconds since 1970; none is before that. */
export const millisecondsOf = (time: string | undefined): number | undefined =>
  time === undefined ? undefined : Math.max(0, Date.parse(time));

/** A record as the admin API shows it. @param domain of the tenant; undefined: it is none's */
function shownRecord(
  { id, time, actor, action, target, result, detail }: AuditPage['records'][number],
  domain: string | undefined,
): z.input<typeof auditRecord> {
  const { text, attributes, membersAdded, membersAddedTotal, membersRemoved, membersRemovedTotal } = detail;
  return {
    ...{ id, tenant: domain, time, via: actor.via, address: actor.address, action, target, result },
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    attributes: attributes && [...attributes],
    ...{ membersAdded: membersAdded && [...membersAdded], membersAddedTotal },
    ...{ membersRemoved: membersRemoved && [...membersRemoved], membersRemovedTotal },
    ...{ detail: text, requestId: actor.requestId },
  };
}

/** A page of records as the admin API shows it. */
export const shownAudit = ({ records, next }: AuditPage, domain: string | undefined) => ({
  items: records.map((record) => shownRecord(record, domain)),
  next,
});

/** Who changed what, of tenants and of the server. */
export function auditHandlers({ services }: AdminServices): HandlersOf<typeof AUDIT_ROUTES> {
  return {
    async listAudit({ tenant: { id, domain }, query: { after, limit, ...filters } }) {
      return shownAudit(await listAudit(services, id, filterOf(filters), after, limit), domain);
    },

    async exportAudit({ tenant: { id, domain }, query: { format, ...filters }, caller, request, reply }) {
      await appendAudit(services, actorOf(request, caller), id, { action: 'audit.export' });
      const isCsv = format === 'csv';
      return reply
        .type(`${isCsv ? 'text/csv' : 'application/x-ndjson'}; charset=utf-8`)
        .header('Content-Disposition', `attachment; filename="audit-${domain}.${format}"`)
        .send(Readable.from(exportAudit(services, id, filterOf(filters), format)));
    },

    async listServerAudit({ query: { after, limit, ...filters } }) {
      return shownAudit(await listAudit(services, undefined, filterOf(filters), after, limit), undefined);
    },
  };
}
