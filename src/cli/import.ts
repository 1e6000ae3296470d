import { createReadStream, statSync } from 'node:fs';
import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { appendAudit } from '../service/audit.ts';
import { splitLines } from '../service/export-lines.ts';
import { checkExport, type ImportSummary, importRecords } from '../service/import.ts';
import { ServiceError } from '../service/service-error.ts';
import { cliActor } from './actor.ts';
import { type CommonOptions, withCommonOptions } from './command.ts';
import { count } from './export.ts';
import { openDatabase } from './installation.ts';
import { keyForMoved } from './moved-key.ts';
import { EXIT_CODES, type Outcome, writeOutcome } from './output.ts';
import { progressBar } from './progress.ts';

interface ImportOptions extends CommonOptions {
  readonly acceptKey?: boolean;
}

/** `roster import` */
export function addImportCommand(program: Command): void {
  const command = program
    .command('import')
    .description('take what "roster export" has written into a server that has none of its tenants')
    .argument('<file>', 'the export; "-": stdin')
    .option(
      '--accept-key',
      'import although the secret key is not that of the export; its credentials will not work',
    );
  withCommonOptions(command).action(async (file: string, options: ImportOptions) => {
    const outcome = await importFile(file, options);
    writeOutcome(outcome, options.json === true);
    process.exitCode = EXIT_CODES.done;
  });
}

async function importFile(file: string, { dataDir, acceptKey = false }: ImportOptions): Promise<Outcome> {
  const config = loadConfig(process.env, { ROSTER_DATA_DIR: dataDir });
  const size = file === '-' ? undefined : sizeOf(file);
  // a damaged file is told before anything is written
  if (size !== undefined) await checkExport(linesOf(file));
  const key = keyForMoved(config, 'export', acceptKey);
  const { storage, records } = await openDatabase(config, Date.now);
  const bar = size === undefined ? undefined : progressBar('Importing', size);
  try {
    const target = { records, directory: storage.directory, key, acceptKey };
    const summary = await importRecords(target, linesOf(file), (bytes) => bar?.update(bytes));
    const text = `${count(summary.tenants.length, 'tenant')}, ${count(summary.counts.resource ?? 0, 'resource')}`;
    await appendAudit({ storage, now: Date.now }, cliActor(), undefined, {
      ...{ action: 'server.import', detail: { text } },
    });
    return { json: summary, text: textOf(summary) };
  } finally {
    bar?.stop();
    await storage.close();
  }
}

/** @throws ServiceError when there is no such file */
export function sizeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new ServiceError('notFound', `There is no file ${file}.`);
  if (!stat.isFile()) throw new ServiceError('invalid', `${file} is not a file.`);
  return stat.size;
}

const linesOf = (file: string): AsyncIterable<Uint8Array> =>
  splitLines(file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1024 * 1024 }));

function textOf({ tenants, counts, resumedBehind }: ImportSummary): string {
  const { resource = 0, members = 0, credential = 0 } = counts;
  const resumed =
    resumedBehind === 0 ? '' : `\nContinued behind line ${resumedBehind}, where an earlier run had stopped.`;
  return `Imported ${count(tenants.length, 'tenant')}: ${count(resource, 'resource')}, ${count(members, 'membership')}, ${count(credential, 'credential')}. All lines are as they were exported.${resumed}`;
}
