import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Dialect, differencesFrom } from '../core/tolerance.ts';
import type { SettingsChange } from '../service/integration-settings.ts';
import { ServiceError } from '../service/service-error.ts';
import type { Integration, IntegrationSettings } from '../storage/directory.ts';
import type { TenantOptions } from './command.ts';

/** The settings of an integration as `create` and `update` take them. */
export interface SettingsOptions extends TenantOptions {
  readonly dialect?: Dialect;
  readonly requirePrimaryEmail?: boolean;
  readonly accept?: readonly string[];
  readonly refuse?: readonly string[];
  readonly byDialect?: readonly string[];
  readonly rateLimit?: number | 'off' | 'default';
  readonly rateBurst?: number | 'default';
}

export const dialectOption = (): Option =>
  new Option(
    '--dialect <dialect>',
    'standard takes what identity providers send, strict what the RFCs say',
  ).choices(['standard', 'strict']);

/** Adds the options by which an integration differs from its dialect and from the server's rate limit. */
export function addSettingsOptions(command: Command): Command {
  return command
    .option('--accept <tolerance>', 'take this deviation in any dialect (repeatable)', collect)
    .option('--refuse <tolerance>', 'refuse this deviation in any dialect (repeatable)', collect)
    .option(
      '--rate-limit <number>',
      'requests per second on average, 25 or more; or off, or default',
      readRate,
    )
    .option(
      '--rate-burst <number>',
      'most requests in one second, no fewer than the rate limit; or default',
      readBurst,
    );
}

/** Adds the option that takes a deviation from the dialect back; a new integration has none. */
export const addByDialectOption = (command: Command): Command =>
  command.option(
    '--by-dialect <tolerance>',
    'treat this deviation as the dialect does (repeatable)',
    collect,
  );

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

function readRate(text: string): number | 'off' | 'default' {
  const word = text.toLowerCase();
  if (word === 'off' || word === 'default') return word;
  if (!/^\d{1,7}$/.test(text))
    throw new InvalidArgumentError('Give a number of requests per second, off or default.');
  return Number(text);
}

function readBurst(text: string): number | 'default' {
  const rate = readRate(text);
  if (rate === 'off') throw new InvalidArgumentError('Give a number of requests, or default.');
  return rate;
}

/**
 * What the options say about the settings.
 *
 * @throws ServiceError when they contradict each other
 */
export function settingsChangeOf(options: SettingsOptions): SettingsChange {
  const { dialect, requirePrimaryEmail, rateLimit, rateBurst } = options;
  const { accept = [], refuse = [], byDialect = [] } = options;
  const tolerances = new Map<string, boolean | 'byDialect'>();
  for (const [names, state] of [
    [accept, true],
    [refuse, false],
    [byDialect, 'byDialect'],
  ] as const)
    for (const name of names) {
      if ((tolerances.get(name) ?? state) !== state)
        throw new ServiceError('invalid', `The options say two things about the tolerance ${name}.`);
      tolerances.set(name, state);
    }
  return {
    ...(dialect !== undefined && { dialect }),
    ...(requirePrimaryEmail !== undefined && { requirePrimaryEmail }),
    ...(rateLimit !== undefined && { rateLimit }),
    ...(rateBurst !== undefined && { rateBurst }),
    ...(tolerances.size > 0 && { tolerances: Object.fromEntries(tolerances) }),
  };
}

/** The settings with what is not set said too, for programs. */
export const settingsJson = (settings: IntegrationSettings) => ({
  ...settings,
  tolerances: settings.tolerances ?? {},
  rateLimit: settings.rateLimit ?? 'default',
  rateBurst: settings.rateBurst ?? 'default',
});

/** The settings as people read them, one a line. */
export function settingsFields({ settings }: Integration): [name: string, value: string][] {
  const { accepted, refused } = differencesFrom(settings.dialect, settings.tolerances);
  const { rateLimit, rateBurst } = settings;
  return [
    ['Dialect', settings.dialect],
    ...named('Accepts besides', accepted),
    ...named('Refuses besides', refused),
    ['Primary e-mail required', settings.requirePrimaryEmail ? 'yes' : 'no'],
    ['May', settings.scopes.join(', ')],
    ['Rate limit', rateLimit === undefined ? 'as the server is set' : rateText(rateLimit)],
    ...named('Burst', rateBurst === undefined ? [] : [`${rateBurst} in one second`]),
  ];
}

const named = (name: string, values: readonly string[]): [string, string][] =>
  values.length === 0 ? [] : [[name, values.join(', ')]];

const rateText = (limit: number | 'off'): string => (limit === 'off' ? 'off' : `${limit} per second`);
