import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { isIssuer, isLoopback, type OidcSetting, oidcOf } from './oidc-setting.ts';
import { readSettingFile } from './setting-file.ts';
import { LOG_LEVELS, SETTING_TEXTS } from './setting-texts.ts';
import { closestTo } from './spelling.ts';

/** Everything that can be set, checked; made once at the start and passed on. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Processes that serve the port together. */
  readonly workers: number;
  /** Origin and path before `/scim/v2`, without a slash at the end. */
  readonly baseUrl: string;
  /** Absolute path. */
  readonly dataDir: string;
  /** A PostgreSQL database; undefined: SQLite in the data directory. It may hold a password. */
  readonly databaseUrl: string | undefined;
  readonly secretKey: string | undefined;
  readonly secretKeyFile: string | undefined;
  readonly adminPassword: string | undefined;
  readonly quickstart: boolean;
  /** Requests per second of one integration that says no other number; undefined: no limits at all. */
  readonly rateLimit: number | undefined;
  /** Days that SCIM requests are kept; 0: none are. */
  readonly requestLogDays: number;
  /** Whether their bodies are kept, too. */
  readonly requestLogBodies: boolean;
  readonly logLevel: LogLevel;
  /** Whether `/metrics` answers clients on other machines too. */
  readonly metricsToEveryone: boolean;
  /** Whether the headers of a proxy are believed: those of any, or of the ones at these addresses. */
  readonly trustProxy: boolean | readonly string[];
  /** With which certificate the server speaks HTTPS; undefined: plain HTTP. */
  readonly tls: TlsSource | undefined;
  /** Seconds between SIGTERM and the end of listening, in which `/readyz` says 503. */
  readonly stopDelay: number;
  /** By which operators may sign in, too. */
  readonly oidc: OidcSetting | undefined;
  /** How long records of the audit are kept. */
  readonly auditDays: number;
  /** What was set, as text, by the names of settings; undefined: a secret. */
  readonly given: Readonly<Partial<Record<SettingName, string | undefined>>>;
}

/** PEM files, or a certificate that the server makes and keeps in the data directory. */
type TlsSource = { readonly certFile: string; readonly keyFile: string } | 'self-signed';

type LogLevel = (typeof LOG_LEVELS)[number];

/** What is wrong with the settings, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

const isPort = (text: string): boolean =>
  /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

const DATABASE_URL = /^postgres(ql)?:\/\/[^/?#]+\/[^/?#]+/i;

function toBaseUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ['on', true],
  ['true', true],
  ['1', true],
  ['off', false],
  ['false', false],
  ['0', false],
]);

const switchOf = (text: string): boolean | undefined => SWITCH.get(text.toLowerCase());

const listOf = (text: string): string[] => text.split(',').map((part) => part.trim());

const onOff = z
  .string()
  .refine((text) => switchOf(text) !== undefined, 'say on or off')
  .transform((text) => switchOf(text) === true);

const databaseUrlText = z
  .string()
  .refine(
    (text) => DATABASE_URL.test(text) && URL.canParse(text),
    'give postgres://USER:PASSWORD@HOST:PORT/DATABASE, or leave it out for SQLite',
  );

const MOST_WORKERS = 64;

const WORKERS_HINT = `give a whole number from 1 to ${MOST_WORKERS}`;

const MOST_DAYS = 90;

const DAYS_HINT = `give a whole number of days from 0 to ${MOST_DAYS}`;

const schema = z.object({
  ROSTER_HOST: z
    .string()
    .refine((text) => isIP(text) !== 0 || HOST.test(text), 'give an address or a host name to listen on')
    .default('127.0.0.1'),
  ROSTER_PORT: z
    .string()
    .refine(isPort, 'give a port number from 1 to 65535')
    .transform(Number)
    .default(8080),
  ROSTER_WORKERS: z
    .string()
    .regex(/^\d{1,3}$/, WORKERS_HINT)
    .default('1')
    .transform(Number)
    .refine((workers) => workers >= 1 && workers <= MOST_WORKERS, WORKERS_HINT),
  ROSTER_BASE_URL: z
    .string()
    .refine((text) => toBaseUrl(text) !== undefined, 'give an absolute http or https URL without query')
    .transform((text) => toBaseUrl(text))
    .optional(),
  ROSTER_DATA_DIR: z.string().default('./data'),
  ROSTER_DATABASE_URL: databaseUrlText.optional(),
  ROSTER_DATABASE_URL_FILE: z.string().optional(),
  ROSTER_SECRET_KEY: z.string().min(32, 'give at least 32 random characters').optional(),
  ROSTER_SECRET_KEY_FILE: z.string().optional(),
  ROSTER_ADMIN_PASSWORD: z
    .string()
    .regex(/^\S{5,1000}$/u, 'give 5 to 1000 characters without white space')
    .optional(),
  ROSTER_QUICKSTART: onOff.default(true),
  ROSTER_RATE_LIMIT: z
    .string()
    .regex(/^(off|\d{1,7})$/i, 'give a number of requests per second, or off')
    .default('1000')
    .transform((text) => (text.toLowerCase() === 'off' ? undefined : Number(text)))
    .refine((rate) => rate === undefined || rate >= 25, 'give 25 or more: identity providers send as many'),
  ROSTER_REQUEST_LOG_DAYS: z
    .string()
    .regex(/^\d{1,2}$/, DAYS_HINT)
    .default('7')
    .transform(Number)
    .refine((days) => days <= MOST_DAYS, DAYS_HINT),
  ROSTER_REQUEST_LOG_BODIES: onOff.default(true),
  ROSTER_LOG_LEVEL: z.enum(LOG_LEVELS, `give one of ${LOG_LEVELS.join(', ')}`).default('info'),
  ROSTER_METRICS: z
    .enum(['local', 'on'], 'say local or on')
    .default('local')
    .transform((who) => who === 'on'),
  ROSTER_TRUST_PROXY: z
    .string()
    .refine(
      (text) => switchOf(text) !== undefined || listOf(text).every(isAddressOrRange),
      'say on or off, or give the addresses of the proxies, with commas between them',
    )
    .transform((text) => switchOf(text) ?? listOf(text))
    .default(false),
  ROSTER_TLS: z
    .literal('self-signed', 'say self-signed, or give a certificate with ROSTER_TLS_CERT and ROSTER_TLS_KEY')
    .optional(),
  ROSTER_TLS_CERT: z.string().optional(),
  ROSTER_TLS_KEY: z.string().optional(),
  ROSTER_STOP_DELAY: z
    .string()
    .regex(/^([1-5]?\d|60)$/, 'give a number of seconds from 0 to 60')
    .transform(Number)
    .default(0),
  ROSTER_OIDC_ISSUER: z
    .string()
    .refine(isIssuer, 'give an https URL without query, such as https://login.example.com/tenant')
    .optional(),
  ROSTER_OIDC_CLIENT_ID: z.string().optional(),
  ROSTER_OIDC_CLIENT_SECRET: z.string().optional(),
  ROSTER_OIDC_CLIENT_SECRET_FILE: z.string().optional(),
  ROSTER_AUDIT_DAYS: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'give a number of days from 1 to 99999')
    .transform(Number)
    .default(400),
});

type SettingName = keyof typeof schema.shape;

/** One setting as people read about it. */
export interface Setting {
  readonly name: SettingName;
  /** The option of `roster serve` that says the same. */
  readonly flag: string;
  /** What stands for the value in a usage text. */
  readonly value: string;
  readonly default: string;
  readonly meaning: string;
}

const flagOf = (name: string): string =>
  `--${name.replace('ROSTER_', '').toLowerCase().replaceAll('_', '-')}`;

const NAMES = Object.keys(schema.shape) as SettingName[];

/** All settings, in the order in which they are listed. */
export const SETTINGS: readonly Setting[] = NAMES.map((name) => {
  const [value, byDefault, meaning] = SETTING_TEXTS[name];
  return { name, flag: flagOf(name), value, default: byDefault, meaning };
});

/**
 * All settings with what was set, without secrets.
 *
 * @param given as `Config` has it
 */
export const shownSettings = (given: Config['given']) =>
  SETTINGS.map(({ name, default: byDefault, meaning }) => ({
    ...{ name, value: given[name], isSet: name in given, default: byDefault, meaning },
  }));

const SECRETS: ReadonlySet<string> = new Set<SettingName>([
  'ROSTER_SECRET_KEY',
  'ROSTER_ADMIN_PASSWORD',
  'ROSTER_DATABASE_URL',
  'ROSTER_OIDC_CLIENT_SECRET',
]);

/** Variables of this prefix are about the test suite, not about the server. */
const TEST_PREFIX = 'ROSTER_TEST_';

/**
 * Reads and checks the settings.
 *
 * @param environment the variables of the process; only ROSTER_… are looked at
 * @param flags settings given on the command line by the names of their variables, which they override
 * @throws ConfigError with a line for every setting that is wrong or unknown
 */
export function loadConfig(
  environment: Readonly<Record<string, string | undefined>>,
  flags: Readonly<Record<string, string | undefined>> = {},
): Config {
  const given = definedEntries(environment).filter(
    ([name]) => name.startsWith('ROSTER_') && !name.startsWith(TEST_PREFIX),
  );
  const values = Object.fromEntries([...given, ...definedEntries(flags)]);
  const problems = unknownSettings(Object.keys(values));
  const empty = Object.keys(values).filter((name) => values[name] === '');
  problems.push(...empty.map((name) => `${name} is empty: give a value, or leave it out.`));
  const parsed = schema.safeParse(values);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0]);
    if (empty.includes(name)) continue;
    const shown = SECRETS.has(name) ? '' : ` (it is ${JSON.stringify(values[name])})`;
    problems.push(`${flags[name] === undefined ? name : flagOf(name)}: ${message}${shown}.`);
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return { ...configOf(parsed.data), given: withoutSecrets(values) };
}

const withoutSecrets = (values: Readonly<Record<string, string>>): Config['given'] =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, SECRETS.has(name) ? undefined : value]),
  );

const definedEntries = (record: Readonly<Record<string, string | undefined>>): [string, string][] =>
  Object.entries(record).filter((entry): entry is [string, string] => entry[1] !== undefined);

function configOf(values: z.output<typeof schema>): Omit<Config, 'given'> {
  const { ROSTER_HOST: host, ROSTER_PORT: port } = values;
  const databaseUrl = databaseUrlOf(values);
  if (values.ROSTER_SECRET_KEY !== undefined && values.ROSTER_SECRET_KEY_FILE !== undefined) {
    throw new ConfigError(['ROSTER_SECRET_KEY and ROSTER_SECRET_KEY_FILE are both set: give one of them.']);
  }
  if (
    databaseUrl !== undefined &&
    (values.ROSTER_SECRET_KEY ?? values.ROSTER_SECRET_KEY_FILE) === undefined
  ) {
    throw new ConfigError([
      'ROSTER_SECRET_KEY is missing: with ROSTER_DATABASE_URL give every process the same, or ROSTER_SECRET_KEY_FILE.',
    ]);
  }
  if (values.ROSTER_BASE_URL === undefined && !isLoopback(host)) {
    throw new ConfigError([
      `ROSTER_BASE_URL is missing: with ROSTER_HOST ${host} give the URL that clients reach the server at, such as ` +
        'https://scim.example.com.',
    ]);
  }
  const tls = tlsOf(values);
  if (tls !== undefined && values.ROSTER_BASE_URL?.startsWith('http:')) {
    throw new ConfigError([
      'ROSTER_BASE_URL begins with http, but the server speaks HTTPS: give the URL with https, or leave it out.',
    ]);
  }
  const { oidc, problem } = oidcOf(values);
  if (problem !== undefined) throw new ConfigError([problem]);
  const scheme = tls === undefined ? 'http' : 'https';
  return {
    host,
    port,
    workers: values.ROSTER_WORKERS,
    baseUrl: values.ROSTER_BASE_URL ?? `${scheme}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`,
    dataDir: resolve(values.ROSTER_DATA_DIR),
    databaseUrl,
    secretKey: values.ROSTER_SECRET_KEY,
    secretKeyFile: values.ROSTER_SECRET_KEY_FILE,
    adminPassword: values.ROSTER_ADMIN_PASSWORD,
    quickstart: values.ROSTER_QUICKSTART,
    rateLimit: values.ROSTER_RATE_LIMIT,
    requestLogDays: values.ROSTER_REQUEST_LOG_DAYS,
    requestLogBodies: values.ROSTER_REQUEST_LOG_BODIES,
    logLevel: values.ROSTER_LOG_LEVEL,
    metricsToEveryone: values.ROSTER_METRICS,
    trustProxy: values.ROSTER_TRUST_PROXY,
    tls,
    stopDelay: values.ROSTER_STOP_DELAY,
    oidc,
    auditDays: values.ROSTER_AUDIT_DAYS,
  };
}

/** @throws ConfigError when it is given twice, or its file has none */
function databaseUrlOf({
  ROSTER_DATABASE_URL: given,
  ROSTER_DATABASE_URL_FILE: file,
}: z.output<typeof schema>): string | undefined {
  if (file === undefined) return given;
  if (given !== undefined)
    throw new ConfigError([
      'ROSTER_DATABASE_URL and ROSTER_DATABASE_URL_FILE are both set: give one of them.',
    ]);
  const { text, problem } = readSettingFile('ROSTER_DATABASE_URL_FILE', file);
  if (problem !== undefined) throw new ConfigError([problem]);
  const { error } = databaseUrlText.safeParse(text);
  if (error !== undefined)
    throw new ConfigError([`ROSTER_DATABASE_URL_FILE: in ${file}, ${error.issues[0]?.message}.`]);
  return text;
}

function tlsOf({
  ROSTER_TLS: own,
  ROSTER_TLS_CERT: certFile,
  ROSTER_TLS_KEY: keyFile,
}: z.output<typeof schema>): TlsSource | undefined {
  if (own !== undefined && (certFile ?? keyFile) !== undefined) {
    throw new ConfigError([
      'ROSTER_TLS=self-signed and a certificate of your own are both set: give one of them.',
    ]);
  }
  if (certFile !== undefined && keyFile !== undefined) {
    return { certFile: resolve(certFile), keyFile: resolve(keyFile) };
  }
  if (certFile !== undefined) {
    throw new ConfigError(['ROSTER_TLS_KEY is missing: give the private key of ROSTER_TLS_CERT.']);
  }
  if (keyFile !== undefined) {
    throw new ConfigError(['ROSTER_TLS_CERT is missing: give the certificate of ROSTER_TLS_KEY.']);
  }
  return own;
}

/**
 * Refuses to listen where others could read secrets on their way.
 *
 * @throws ConfigError for plain HTTP beyond the loopback addresses, unless a proxy is said to end TLS
 */
export function requireSafeListener({ host, tls, trustProxy }: Config): void {
  if (tls !== undefined || trustProxy !== false || isLoopback(host)) return;
  throw new ConfigError([
    `ROSTER_HOST: ${host} can be reached from other machines, and plain HTTP would show them every secret. Give the server a ` +
      'certificate with ROSTER_TLS_CERT and ROSTER_TLS_KEY (or ROSTER_TLS=self-signed), or put a reverse proxy with TLS ' +
      'in front of it and set ROSTER_TRUST_PROXY, or listen on 127.0.0.1.',
  ]);
}

function unknownSettings(names: readonly string[]): string[] {
  const known: readonly string[] = NAMES;
  return names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = closestTo(name, known, 'ROSTER_');
      return `${name} is not a setting.${meant === undefined ? '' : ` Did you mean ${meant}?`}`;
    });
}
