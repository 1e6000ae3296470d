import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import { createApp } from '../http/app.ts';
import { SYSTEM_ACTOR } from '../service/actor.ts';
import { appendAudit } from '../service/audit.ts';
import { createAuditPruning } from '../service/audit-pruning.ts';
import { createAuthenticator } from '../service/authenticate.ts';
import {
  type Certificate,
  daysLeft,
  ensureOwnCertificate,
  readCertificate,
} from '../service/certificates.ts';
import { type FirstStart, runFirstStart } from '../service/first-start.ts';
import { createOperatorServices, type OperatorServices } from '../service/operator-services.ts';
import { NO_PEERS, type Peers } from '../service/peers.ts';
import { ServiceError } from '../service/service-error.ts';
import { createSignIns } from '../service/sign-in.ts';
import { type Installation, openInstallation } from './installation.ts';
import { type Outcome, writeOutcome } from './output.ts';
import { startOutcome } from './start-text.ts';
import { packageVersion } from './version.ts';

/** How long requests may take to end when the server is to. */
export const STOP_LIMIT_MS = 10_000;

/** What ends a server: a service manager, or a person at a terminal. */
export type StopSignal = 'SIGTERM' | 'SIGINT';

/** How the server runs in a process. */
interface Running {
  readonly destination: NonNullable<Parameters<typeof pino.destination>[0]>;
  /** What every line of the log has. */
  readonly logBase: Record<string, unknown> | null;
  readonly peers: Peers;
  /** Called when the database is open. @returns what ends the server, when it is to end */
  untilStopped(): Promise<StopSignal>;
  /** Gets what there is to say when the server listens. */
  begun(outcome: Outcome): void;
}

/** Runs the server in this process alone until a signal ends it. */
export async function serve(config: Config, asJson: boolean): Promise<void> {
  await requireFreePort(config);
  await runServer(config, {
    // with --json the only thing on stdout is the document about the start
    destination: { dest: asJson ? 2 : 1, sync: false },
    logBase: null,
    peers: NO_PEERS,
    untilStopped: untilSignalled,
    begun: (outcome) => writeOutcome(outcome, asJson),
  });
}

/** Runs the server in this process, which may be one of several, until it is stopped. */
export async function runServer(config: Config, running: Running): Promise<void> {
  const installation = await openInstallation(config, Date.now, SYSTEM_ACTOR);
  const stopped = running.untilStopped();
  const destination = pino.destination(running.destination);
  const log = pino({ level: config.logLevel, base: running.logBase }, destination);
  try {
    let isStopping = false;
    const certificate = await certificateOf(installation, log);
    const operatorServices = operatorServicesOf(installation, running.peers, log);
    const app = appOf(installation, operatorServices, running.peers, log, certificate, () => isStopping);
    const pruning = createAuditPruning(installation, config.auditDays, (err) =>
      log.warn({ err }, 'old records of the audit could not be deleted'),
    );
    try {
      const firstStart = await firstStartOf(installation);
      installation.requestLog.start((err) => log.warn({ err }, 'requests could not be written to their log'));
      await app.listen({ host: config.host, port: config.port });
      pruning.begin();
      running.begun(startOutcome({ config, firstStart, setup: await operatorServices.links.makeSetup() }));
      if ((await stopped) === 'SIGTERM') {
        isStopping = true;
        await sleep(config.stopDelay * 1000);
      }
    } finally {
      limitStop(log);
      await pruning.end();
      await app.close();
    }
  } finally {
    await installation.requestLog.close();
    await installation.storage.close();
    destination.end();
  }
}

/** @throws ServiceError when the certificate that the settings name can't be used */
async function certificateOf({ config, now }: Installation, log: Logger): Promise<Certificate | undefined> {
  const { tls } = config;
  if (tls === undefined) return undefined;
  const certificate =
    tls === 'self-signed' ? await ensureOwnCertificate({ ...config, now }) : readCertificate(tls);
  if (daysLeft(certificate.x509, now) < 0) {
    log.warn(
      { certificate: certificate.x509.validTo },
      'the certificate has expired: clients will refuse it',
    );
  }
  return certificate;
}

function operatorServicesOf(
  { config, storage, services, key, now }: Installation,
  peers: Peers,
  log: Logger,
): OperatorServices {
  return createOperatorServices({
    ...{ storage, passwords: services.passwords, key, now, peers },
    baseUrl: config.baseUrl,
    oidc: config.oidc,
    audit: (actor, { tenantId, entry }) => appendAudit({ storage, now }, actor, tenantId, entry),
    onNoteFailed: (err) => log.warn({ err }, 'the time of use of a session or a key could not be stored'),
  });
}

function appOf(
  installation: Installation,
  operatorServices: OperatorServices,
  peers: Peers,
  log: Logger,
  certificate: Certificate | undefined,
  isStopping: () => boolean,
): FastifyInstance {
  const { config, storage, services, key, requestLog } = installation;
  const authenticator = createAuthenticator({
    storage,
    key,
    onNoteFailed: (err) => log.warn({ err }, 'the time of use of a credential could not be stored'),
  });
  return createApp({
    admin: {
      ...installation,
      ...{ version: packageVersion(), operatorServices },
    },
    services,
    authenticator,
    signIns: createSignIns({ ...services, key, peers }),
    peers,
    baseUrl: config.baseUrl,
    log,
    requestLog,
    rateLimit: config.rateLimit,
    metricsToEveryone: config.metricsToEveryone,
    trustProxy: config.trustProxy,
    tls: certificate,
    isStopping,
  });
}

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there already',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host is known',
};

/**
 * Looks whether a server can listen where it is told to, so that a start that can't makes no secrets that nobody sees.
 *
 * @throws ServiceError
 */
export async function requireFreePort({ host, port }: Config): Promise<void> {
  const probe = createServer().listen(port, host);
  try {
    await once(probe, 'listening');
  } catch (error) {
    const problem = LISTEN_PROBLEMS[(error as NodeJS.ErrnoException).code ?? ''];
    if (problem === undefined) throw error;
    throw new ServiceError(
      'failed',
      `Can't listen on port ${port} of ${host}: ${problem}. Choose others with ROSTER_PORT and ROSTER_HOST.`,
    );
  }
  probe.close();
  await once(probe, 'close');
}

const firstStartOf = ({
  config,
  storage,
  now,
  superTenant,
  administrators,
  integrations,
}: Installation): Promise<FirstStart | undefined> =>
  runFirstStart({
    storage,
    now,
    tenant: superTenant,
    administrators,
    integrations,
    password: config.adminPassword,
    quickstart: config.quickstart,
  });

/** The first signal to end; a second one ends the process at once, as it would without a handler. */
export const untilSignalled = (): Promise<StopSignal> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });

function limitStop(log: Logger): void {
  setTimeout(() => {
    log.error(`requests did not end within ${STOP_LIMIT_MS / 1000} s`);
    process.exit(1);
  }, STOP_LIMIT_MS).unref();
}
