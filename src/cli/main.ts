import { Command, CommanderError } from 'commander';
import { addAuditCommands } from './audit.ts';
import { addBackupCommand } from './backup.ts';
import { addCredentialCommands } from './credential.ts';
import { addDoctorCommand } from './doctor.ts';
import { addExportCommand } from './export.ts';
import { addImportCommand } from './import.ts';
import { addIntegrationCommands } from './integration.ts';
import { addMigrateCommand } from './migrate.ts';
import { addOperatorCommands } from './operator.ts';
import { EXIT_CODE_HELP, EXIT_CODES, writeError } from './output.ts';
import { addPermissionCommands } from './permission.ts';
import { addResourceTypeCommands } from './resource-type.ts';
import { addRestoreCommand } from './restore.ts';
import { addSchemaCommands } from './schema.ts';
import { addServeCommand } from './serve.ts';
import { addStoreCommands } from './store.ts';
import { addTenantCommands } from './tenant.ts';
import { packageVersion } from './version.ts';

/**
 * Runs one command and sets the exit code of the process.
 *
 * @param argv the arguments behind the program's name
 */
export async function main(argv: readonly string[]): Promise<void> {
  const asJson = argv.includes('--json');
  try {
    await programOf(asJson).parseAsync(withDefaultCommand(argv), { from: 'user' });
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? usageExit(error, asJson) : writeError(error, asJson);
  }
}

function programOf(asJson: boolean): Command {
  const program = new Command('roster')
    .description(
      'A SCIM service provider: the directory that identity providers provision users and groups into.',
    )
    .version(packageVersion(), '-V, --version')
    .addHelpText('after', EXIT_CODE_HELP)
    .showHelpAfterError('Add --help to see what it takes.')
    .exitOverride();
  if (asJson) program.configureOutput({ writeErr: () => {} });
  addServeCommand(program);
  addMigrateCommand(program);
  addDoctorCommand(program);
  addTenantCommands(program);
  addStoreCommands(program);
  addPermissionCommands(program);
  addIntegrationCommands(program);
  addCredentialCommands(program);
  addOperatorCommands(program);
  addSchemaCommands(program);
  addResourceTypeCommands(program);
  addAuditCommands(program);
  addBackupCommand(program);
  addRestoreCommand(program);
  addExportCommand(program);
  addImportCommand(program);
  return program;
}

const HELP_AND_VERSION = ['-h', '--help', '-V', '--version'];

/** `roster` alone, or with options only, is `roster serve`. */
function withDefaultCommand(argv: readonly string[]): string[] {
  const [first] = argv;
  const names = first !== undefined && (!first.startsWith('-') || HELP_AND_VERSION.includes(first));
  return names ? [...argv] : ['serve', ...argv];
}

/** Commander has written its message or the help already, but for a caller who reads JSON. */
function usageExit(error: CommanderError, asJson: boolean): number {
  if (error.exitCode === 0) return EXIT_CODES.done;
  if (asJson) {
    const message = error.message.replace(/^error: /, '');
    process.stdout.write(`${JSON.stringify({ error: { code: 'usage', message } })}\n`);
  }
  return EXIT_CODES.usage;
}
