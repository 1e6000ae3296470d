import { type Command, Option } from 'commander';
import { appendAudit } from '../service/audit.ts';
import type { IssuedLink } from '../service/one-time-links.ts';
import type { Acting, Operator, OperatorRole } from '../service/operator.ts';
import { createOperatorServices, type OperatorServices } from '../service/operator-services.ts';
import { NO_PEERS } from '../service/peers.ts';
import { type CommonOptions, onInstallation } from './command.ts';
import type { Installation } from './installation.ts';
import { fields, table } from './output.ts';

interface CreateOptions extends CommonOptions {
  readonly role?: string;
  readonly tenant?: string;
  readonly name?: string;
}

/** Roles as the command line says them. */
const ROLES: ReadonlyMap<string, OperatorRole> = new Map([
  ['owner', 'owner'],
  ['tenant-admin', 'tenantAdmin'],
  ['auditor', 'auditor'],
]);

const roleText = (role: OperatorRole): string => [...ROLES].find(([, each]) => each === role)?.[0] ?? role;

/** `roster operator …` */
export function addOperatorCommands(program: Command): void {
  const operator = program.command('operator').description('people who sign in to the console');

  const create = operator
    .command('create')
    .description('create an operator; prints a link with which they choose a password')
    .argument('<email>', 'e-mail address, by which they sign in')
    .addOption(
      new Option('--role <role>', 'what they may do (default: owner, or tenant-admin with --tenant)').choices(
        [...ROLES.keys()],
      ),
    )
    .option('--tenant <domain>', 'the tenant of a tenant-admin or an auditor')
    .option('--name <name>', 'what people call them (default: what is before the @)');
  onInstallation<CreateOptions>(create, async (installation, options, email = '') => {
    const { tenant, name = email.split('@')[0] ?? '' } = options;
    const role = ROLES.get(options.role ?? '') ?? (tenant === undefined ? 'owner' : 'tenantAdmin');
    const services = operatorServicesOf(installation);
    const given = { email, name, role, tenant };
    const made = await services.operators.invite(actingOf(installation, services), given);
    return {
      json: linkJson(made.operator, made.link),
      text: `Created the operator ${made.operator.email}.\n\n${linkText(made.link)}`,
    };
  });

  const list = operator.command('list').description('list all operators');
  onInstallation<CommonOptions>(list, async (installation) => {
    const services = operatorServicesOf(installation);
    const found = await services.operators.list(actingOf(installation, services));
    const rows = found.map((each) => [
      each.email,
      each.name,
      roleText(each.role),
      each.tenantDomain ?? '-',
      stateOf(each),
      each.lastSignIn ?? 'never',
    ]);
    return {
      json: found.map(jsonOf),
      text: table(
        ['E-MAIL', 'NAME', 'ROLE', 'TENANT', 'STATE', 'LAST SIGN-IN'],
        rows,
        'There is no operator: start the server and use the link that it prints, or "roster operator create".',
      ),
    };
  });

  const reset = operator
    .command('reset')
    .description(
      'take password and authenticator app away, end all sessions, and print a link for a new password',
    )
    .argument('<email>', 'e-mail address of the operator');
  onInstallation<CommonOptions>(reset, async (installation, _options, email = '') => {
    const services = operatorServicesOf(installation);
    const { id } = await services.operators.findByEmail(email);
    const { operator: changed, link } = await services.operators.reset(actingOf(installation, services), id);
    return {
      json: linkJson(changed, link),
      text: `${changed.email} is signed out everywhere, and can't sign in before choosing a new password.\n\n${linkText(link)}`,
    };
  });
}

function operatorServicesOf({ config, storage, services, key, now }: Installation): OperatorServices {
  return createOperatorServices({
    ...{ storage, passwords: services.passwords, key, now, peers: NO_PEERS },
    baseUrl: config.baseUrl,
    oidc: undefined,
    audit: (actor, { tenantId, entry }) => appendAudit({ storage, now }, actor, tenantId, entry),
    onNoteFailed: () => {},
  });
}

/** Whoever may read and write the data may do everything. */
const actingOf = ({ actor }: Installation, { audit }: OperatorServices): Acting => ({
  operator: undefined,
  note: (note) => audit(actor, note),
});

const stateOf = ({ active, hasPassword }: Operator): string =>
  !active ? 'not active' : hasPassword ? 'active' : 'invited';

const headOf = ({ id, email, role, tenantDomain }: Operator) => ({
  ...{ id, email, role: roleText(role), tenant: tenantDomain ?? null },
});

const jsonOf = (operator: Operator) => ({
  ...headOf(operator),
  name: operator.name,
  active: operator.active,
  hasPassword: operator.hasPassword,
  hasTotp: operator.hasTotp,
  created: operator.created,
  lastSignIn: operator.lastSignIn ?? null,
});

const linkJson = (operator: Operator, { url, expires }: IssuedLink) => ({
  ...headOf(operator),
  url,
  expires,
});

const linkText = ({ url, expires }: IssuedLink): string =>
  `${fields([
    ['Link', url],
    ['Valid until', expires],
  ])}\n\nIt works once: give it to the operator and to nobody else.`;
