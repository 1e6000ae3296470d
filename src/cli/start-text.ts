import type { Config } from '../config.ts';
import { ownCertificateFiles } from '../service/certificates.ts';
import type { FirstStart } from '../service/first-start.ts';
import type { IssuedLink } from '../service/one-time-links.ts';
import { databaseNameOf, scim1UrlOf, scimUrlOf } from './installation.ts';
import { fields, type Outcome } from './output.ts';
import { curlLine, secretEntries, secretFields } from './secret-text.ts';

/** A server that has just begun to listen. */
interface Start {
  readonly config: Config;
  /** undefined: it is not the first, or nothing was made that has a secret. */
  readonly firstStart: FirstStart | undefined;
  /** With which the first owner is made; undefined: there are operators. */
  readonly setup: IssuedLink | undefined;
}

/** What the server says when it has begun to listen. */
export const startOutcome = (start: Start): Outcome => ({ json: jsonOf(start), text: textOf(start) });

const urlOf = ({ host, port, tls }: Config): string =>
  `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The file that a client trusts the server by when no authority vouches for it. */
const ownCertificateOf = ({ tls, dataDir }: Config): string | undefined =>
  tls === 'self-signed' ? ownCertificateFiles(dataDir).certFile : undefined;

const placeOf = ({ dataDir, databaseUrl }: Config): string =>
  databaseUrl === undefined ? dataDir : `the database ${databaseNameOf(databaseUrl)}`;

const jsonOf = ({ config, firstStart, setup }: Start) => ({
  url: urlOf(config),
  baseUrl: scimUrlOf(config),
  scim1BaseUrl: scim1UrlOf(config),
  dataDir: config.databaseUrl === undefined ? config.dataDir : null,
  database: config.databaseUrl === undefined ? null : databaseNameOf(config.databaseUrl),
  setupUrl: setup?.url ?? null,
  firstStart:
    firstStart === undefined
      ? null
      : {
          userName: firstStart.userName,
          adminPassword: firstStart.password ?? null,
          integration: firstStart.integration,
          ...secretFields(firstStart.secret),
        },
});

function textOf({ config, firstStart, setup }: Start): string {
  const baseUrl = scimUrlOf(config);
  const certificate = ownCertificateOf(config);
  const listens = `Roster listens on ${urlOf(config)} and keeps its data in ${placeOf(config)}.`;
  const head =
    certificate === undefined ? listens : `${listens}\nIts certificate is self-signed: ${certificate}`;
  const urls = [
    ['SCIM 2.0 base URL', baseUrl],
    ['SCIM 1.1 base URL', scim1UrlOf(config)],
  ] as const;
  const console =
    setup === undefined
      ? ''
      : `\n\nSet up the console by this link within 30 minutes; it works once:\n\n  ${setup.url}\n`;
  if (firstStart === undefined) return `${head}\n${fields(urls)}${console}`;
  const { userName, password, integration, secret } = firstStart;
  const shown = fields([
    ['User', userName],
    ['Password', password ?? 'as set with ROSTER_ADMIN_PASSWORD'],
    ['Integration', integration],
    ...secretEntries(secret),
    ...urls,
  ]);
  return `${head}

This is the first start. What follows is shown once; copy it now.

${shown}

Try it:

  ${curlLine(baseUrl, secret, certificate)}${console || '\n'}`;
}
