import type { Command } from 'commander';
import { type Config, loadConfig } from '../config.ts';
import type { Tenant } from '../storage/directory.ts';
import { cliActor } from './actor.ts';
import { type Installation, openInstallation } from './installation.ts';
import { EXIT_CODES, type Outcome, writeOutcome } from './output.ts';

/** What every command understands. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly dataDir?: string;
}

/** A command of a tenant; without `--tenant` it is about the super tenant. */
export interface TenantOptions extends CommonOptions {
  readonly tenant?: string;
}

export const TENANT_OPTION = [
  '--tenant <domain>',
  'the tenant it is about (default: the super tenant)',
] as const;

export const JSON_OPTION = ['--json', 'print one JSON document and nothing else'] as const;

/** Adds the options that every command understands. */
export const withCommonOptions = (command: Command): Command =>
  command
    .option(...JSON_OPTION)
    .option('--data-dir <directory>', 'the data directory, in place of ROSTER_DATA_DIR');

/**
 * Makes a command work on the data directory: opens it, runs `work`, writes what it answers, and closes it.
 *
 * @param work gets the options and the arguments in the order in which they are declared; undefined: it has written itself
 * @param requireFit refuses settings before anything is opened
 */
export function onInstallation<Options extends CommonOptions>(
  command: Command,
  work: (installation: Installation, options: Options, ...args: string[]) => Promise<Outcome | undefined>,
  requireFit: (config: Config) => void = () => {},
): void {
  withCommonOptions(command).action(async (...given: unknown[]) => {
    // the options and the command itself follow the arguments
    const options = given.at(-2) as Options;
    const args = given.slice(0, -2) as string[];
    const config = loadConfig(process.env, { ROSTER_DATA_DIR: options.dataDir });
    requireFit(config);
    const installation = await openInstallation(config, Date.now, cliActor());
    try {
      const outcome = await work(installation, options, ...args);
      if (outcome !== undefined) writeOutcome(outcome, options.json === true);
      process.exitCode = outcome?.exitCode ?? EXIT_CODES.done;
    } finally {
      await installation.requestLog.close();
      await installation.storage.close();
    }
  });
}

/** The tenant that a command is about. */
export const tenantOf = async (
  { superTenant, tenants }: Installation,
  { tenant }: TenantOptions,
): Promise<Tenant> => (tenant === undefined ? superTenant : tenants.find(tenant));
