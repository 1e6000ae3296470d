import { once } from 'node:events';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { appendAudit, listAudit } from '../service/audit.ts';
import { type AuditFormat, exportAudit } from '../service/audit-export.ts';
import { ServiceError } from '../service/service-error.ts';
import type { AuditFilter, AuditRecord, Via } from '../storage/audit.ts';
import { type CommonOptions, onInstallation } from './command.ts';
import type { Installation } from './installation.ts';
import { table } from './output.ts';
import { PAST_TIME_FORMS, parseTime } from './time.ts';

interface FilterOptions extends CommonOptions {
  readonly tenant?: string;
  readonly server?: boolean;
  readonly actor?: string;
  readonly via?: Via;
  readonly action?: string;
  readonly target?: string;
  readonly since?: string;
  readonly until?: string;
}

interface ListOptions extends FilterOptions {
  readonly limit: number;
}

interface ExportOptions extends FilterOptions {
  readonly format: AuditFormat;
}

const VIAS: readonly Via[] = ['console', 'api', 'cli', 'scim', 'system'];

const MOST_LISTED = 10_000;

/** `roster audit …` */
export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('who changed what, and who signed in');

  const list = withFilters(audit.command('list').description('list records, the newest first')).option(
    '--limit <number>',
    `how many at most, up to ${MOST_LISTED}`,
    countOf,
    50,
  );
  onInstallation<ListOptions>(list, async (installation, options) => {
    const tenantId = await scopeOf(installation, options);
    const filter = filterOf(installation, options);
    const { records } = await listAudit(installation, tenantId, filter, undefined, options.limit);
    return {
      json: records,
      text: table(
        ['TIME', 'WHO', 'VIA', 'ACTION', 'WHAT', 'RESULT'],
        records.map(rowOf),
        'There is no record.',
      ),
    };
  });

  const exporting = withFilters(
    audit.command('export').description('write all records to stdout, the newest first'),
  ).addOption(
    new Option('--format <format>', 'JSON lines or CSV').choices(['ndjson', 'csv']).default('ndjson'),
  );
  onInstallation<ExportOptions>(exporting, async (installation, options) => {
    if (options.json === true)
      throw new ServiceError(
        'invalid',
        '--json is for one document: --format ndjson writes a line for each record.',
      );
    const tenantId = await scopeOf(installation, options);
    await appendAudit(installation, installation.actor, tenantId, { action: 'audit.export' });
    const { format } = options;
    for await (const text of exportAudit(installation, tenantId, filterOf(installation, options), format))
      if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    return undefined;
  });
}

const withFilters = (command: Command): Command =>
  command
    .option('--tenant <domain>', 'records of this tenant (default: the super tenant)')
    .option('--server', 'records of no tenant: tenants, operators without one, settings')
    .option('--actor <id>', 'what this one did: the id of an operator, an integration or a user')
    .addOption(new Option('--via <way>', 'what came this way').choices(VIAS))
    .option('--action <prefix>', 'what begins so, such as user. or credential.revoke')
    .option('--target <id>', 'what was done to this: the id of a user, a group, an integration …')
    .option('--since <time>', `from then on: ${PAST_TIME_FORMS}`)
    .option('--until <time>', 'before then');

function countOf(text: string): number {
  const count = Number(text);
  if (/^\d{1,5}$/.test(text) && count >= 1 && count <= MOST_LISTED) return count;
  throw new InvalidArgumentError(`Give a number from 1 to ${MOST_LISTED}.`);
}

/** Whose records a command is about. @returns undefined: no tenant's */
async function scopeOf(
  { superTenant, tenants }: Installation,
  { tenant, server }: FilterOptions,
): Promise<string | undefined> {
  if (server !== true) return tenant === undefined ? superTenant.id : (await tenants.find(tenant)).id;
  if (tenant !== undefined) throw new ServiceError('invalid', 'Give --tenant or --server, not both.');
  return undefined;
}

function filterOf({ now }: Installation, options: FilterOptions): AuditFilter {
  const { actor: actorId, target: targetId, via, action, since, until } = options;
  const time = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : parseTime(text, now(), 'back');
  return { actorId, targetId, via, action, since: time(since), until: time(until) };
}

const rowOf = ({ time, actor, action, target, result }: AuditRecord): string[] => [
  ...[time, actor.name, actor.via, action],
  ...[target === undefined ? '' : `${target.type} ${target.name ?? target.id}`, result],
];
