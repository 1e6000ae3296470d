export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** What people read about a setting. `value` stands for the value in a usage text. */
type SettingText = readonly [value: string, byDefault: string, meaning: string];

/** All settings, in the order in which `config.ts` checks them. */
export const SETTING_TEXTS = {
  ROSTER_HOST: [
    'ADDRESS',
    '127.0.0.1',
    'Address to listen on. Beyond the loopback addresses it needs ROSTER_BASE_URL, and a certificate or ROSTER_TRUST_PROXY.',
  ],
  ROSTER_PORT: ['PORT', '8080', 'Port to listen on.'],
  ROSTER_WORKERS: [
    'NUMBER',
    '1',
    'Processes that serve the port together, at most 64: as many as the machine has processors to spare. Each has caches and connections to the database of its own.',
  ],
  ROSTER_BASE_URL: [
    'URL',
    'http://HOST:PORT, with a certificate https://HOST:PORT',
    'The URL that clients reach the server at. `meta.location`, `$ref` and Location headers begin with it.',
  ],
  ROSTER_DATA_DIR: [
    'DIRECTORY',
    './data',
    'Where the database and the secret key are kept, but for those that other settings give.',
  ],
  ROSTER_DATABASE_URL: [
    'URL',
    'none',
    'A PostgreSQL database in place of SQLite: `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. It needs a secret key that is set.',
  ],
  ROSTER_DATABASE_URL_FILE: [
    'FILE',
    'none',
    'A file to read the URL of the database from, in place of ROSTER_DATABASE_URL, which others may see.',
  ],
  ROSTER_SECRET_KEY: [
    'TEXT',
    'made at the first start and kept in `secret.key` in the data directory; required with ROSTER_DATABASE_URL',
    'The key of the digests that credentials are stored as: at least 32 random characters. With another key no credential works.',
  ],
  ROSTER_SECRET_KEY_FILE: [
    'FILE',
    'none',
    'A file to read the secret key from, in place of ROSTER_SECRET_KEY.',
  ],
  ROSTER_ADMIN_PASSWORD: [
    'TEXT',
    'generated and printed once',
    'Password of the user `admin` that the first start creates: at least 5 characters, better 15 or more. Later starts ignore it.',
  ],
  ROSTER_QUICKSTART: [
    'on|off',
    'on',
    'Whether the first start creates the user `admin` and the integration `quickstart`.',
  ],
  ROSTER_RATE_LIMIT: [
    'NUMBER|off',
    '1000',
    'Requests per second that one integration may make, on average over ten seconds, unless its own settings say another number; at least 25, and five times as many in one second. `off` turns all limits off. The processes of ROSTER_WORKERS count together, servers that are started apart each for itself.',
  ],
  ROSTER_REQUEST_LOG_DAYS: [
    'DAYS',
    '7',
    'How long SCIM requests are kept to look into, at most 90 days; 0: none are kept. Secrets never are.',
  ],
  ROSTER_REQUEST_LOG_BODIES: [
    'on|off',
    'on',
    'Whether the bodies of requests and answers, up to 64 KiB each, and resources before and after a change are kept with them.',
  ],
  ROSTER_LOG_LEVEL: [
    'LEVEL',
    'info',
    `The least severe log lines that are written: ${LOG_LEVELS.join(', ')}.`,
  ],
  ROSTER_METRICS: [
    'local|on',
    'local',
    'Who may read `/metrics`, figures for Prometheus without names: clients on this machine, or with `on` everybody who reaches the server.',
  ],
  ROSTER_TRUST_PROXY: [
    'on|off|ADDRESSES',
    'off',
    'Says that a reverse proxy ends TLS in front of the server, so that it may listen beyond the loopback ' +
      'addresses: `on`, or the addresses or ranges of the proxies, with commas between them. The address of a client is ' +
      'then what the proxy adds to X-Forwarded-For.',
  ],
  ROSTER_TLS: [
    'self-signed',
    'none',
    'Speak HTTPS with a certificate that the server makes itself, for `localhost`, 127.0.0.1, ::1 and the host of ' +
      'ROSTER_BASE_URL. It is kept in the data directory as `tls-cert.pem` and `tls-key.pem`, and renewed by a start in its ' +
      'last 30 days or with another host.',
  ],
  ROSTER_TLS_CERT: [
    'FILE',
    'none',
    'Speak HTTPS with the certificate in this PEM file, which certificates of the authorities between may follow. Read at the start.',
  ],
  ROSTER_TLS_KEY: [
    'FILE',
    'none',
    'The private key that belongs to ROSTER_TLS_CERT: a PEM file without a passphrase.',
  ],
  ROSTER_STOP_DELAY: [
    'SECONDS',
    '0',
    'How long the server goes on answering after SIGTERM while `/readyz` says 503, so that a balancer sends no more requests ' +
      'before it stops: longer than the balancer takes to notice, at most 60.',
  ],
  ROSTER_OIDC_ISSUER: [
    'URL',
    'none',
    'An OpenID provider that operators may sign in to the console by: its issuer, an https URL. Who it says somebody is counts ' +
      'for an operator of that e-mail address, verified by the provider; nobody becomes an operator by it.',
  ],
  ROSTER_OIDC_CLIENT_ID: ['TEXT', 'none', 'The id that the OpenID provider knows the server by.'],
  ROSTER_OIDC_CLIENT_SECRET: [
    'TEXT',
    'none',
    'The secret that belongs to ROSTER_OIDC_CLIENT_ID; without one the server is a public client.',
  ],
  ROSTER_OIDC_CLIENT_SECRET_FILE: [
    'FILE',
    'none',
    'A file to read the secret from, in place of ROSTER_OIDC_CLIENT_SECRET.',
  ],
  ROSTER_AUDIT_DAYS: ['DAYS', '400', 'How long records of who changed what are kept.'],
} as const satisfies Readonly<Record<`ROSTER_${string}`, SettingText>>;
