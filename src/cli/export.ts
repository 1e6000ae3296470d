import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import { appendAudit } from '../service/audit.ts';
import { type ExportSummary, exportRecords } from '../service/export.ts';
import { ServiceError } from '../service/service-error.ts';
import { onInstallation, type TenantOptions } from './command.ts';
import type { Installation } from './installation.ts';
import { makeNewFile } from './new-file.ts';
import { progressBar } from './progress.ts';

/** `roster export` */
export function addExportCommand(program: Command): void {
  const command = program
    .command('export')
    .description(
      'write everything, or one tenant, as JSON lines to move it to another server or database; the server may run',
    )
    .argument('[file]', 'where to; "-" or none: stdout')
    .option('--tenant <domain>', 'only this tenant (default: all)');
  onInstallation<TenantOptions>(command, async (installation, { tenant, json }, file = '-') => {
    if (file !== '-') {
      const summary = await makeNewFile(file, (draft) => toFile(installation, tenant, draft));
      return { json: { file, ...summary }, text: textOf(file, summary) };
    }
    if (json === true)
      throw new ServiceError('invalid', 'With --json give a file: stdout is for the JSON document then.');
    await run(installation, tenant, async (text) => {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    });
    return undefined;
  });
}

async function toFile(
  installation: Installation,
  tenant: string | undefined,
  file: string,
): Promise<ExportSummary> {
  const handle = await open(file, 'a');
  try {
    return await run(installation, tenant, (text) => handle.appendFile(text));
  } finally {
    await handle.close();
  }
}

async function run(
  installation: Installation,
  domain: string | undefined,
  write: (text: string) => Promise<void>,
): Promise<ExportSummary> {
  const tenant = domain === undefined ? undefined : await installation.tenants.find(domain);
  const bar = progressBar('Exporting');
  try {
    await appendAudit(installation, installation.actor, tenant?.id, { action: 'server.export' });
    return await exportRecords(installation, tenant, write, (done, total) => bar.update(done, total));
  } finally {
    bar.stop();
  }
}

const textOf = (file: string, { tenants, counts }: ExportSummary): string =>
  `Exported ${count(tenants.length, 'tenant')} with ${count(counts.resource ?? 0, 'user, group or other resource', 'users, groups and other resources')} to ${file}.
It holds personal data and password hashes: only its owner may read it.
Its credentials work with the same secret key only, which is not in it.`;

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
