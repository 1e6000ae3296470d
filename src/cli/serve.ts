import cluster from 'node:cluster';
import { type Command, Option } from 'commander';
import { type Config, loadConfig, requireSafeListener, SETTINGS } from '../config.ts';
import { type CommonOptions, JSON_OPTION } from './command.ts';

const settingOptions = SETTINGS.map((setting) => ({
  name: setting.name,
  option: new Option(`${setting.flag} <${setting.value}>`, `${setting.meaning} Default: ${setting.default}.`),
}));

/** `roster serve` */
export function addServeCommand(program: Command): void {
  const command = program
    .command('serve')
    .description('run the server (what roster does when no command is given); every option is a setting, too')
    .option(...JSON_OPTION);
  for (const { option } of settingOptions) command.addOption(option);
  command.action(async (options: CommonOptions & Readonly<Record<string, string | undefined>>) => {
    const flags = settingOptions.map(({ name, option }) => [name, options[option.attributeName()]] as const);
    const config = loadConfig(process.env, Object.fromEntries(flags));
    requireSafeListener(config);
    // the other commands start faster without what only a server needs
    const run = await runnerOf(config);
    await run(config, options.json === true);
  });
}

async function runnerOf({ workers }: Config): Promise<(config: Config, asJson: boolean) => Promise<void>> {
  if (workers === 1) return (await import('./server.ts')).serve;
  if (cluster.isPrimary) return (await import('./workers.ts')).serveByWorkers;
  return (await import('./worker.ts')).serveAsWorker;
}
