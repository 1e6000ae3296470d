import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';
import { createApp } from '../http/app.ts';
import { createAuthenticator } from '../service/authenticate.ts';
import {
  type Certificate,
  daysLeft,
  ensureOwnCertificate,
  readCertificate,
} from '../service/certificates.ts';
import { type FirstStart, runFirstStart } from '../service/first-start.ts';
import { ServiceError } from '../service/service-error.ts';
import { createSignIns } from '../service/sign-in.ts';
import { type Installation, openInstallation } from './installation.ts';
import { writeOutcome } from './output.ts';
import { startOutcome } from './start-text.ts';

const STOP_LIMIT_MS = 10_000;

/** Runs the server until a signal ends it. */
export async function serve(config: Config, asJson: boolean): Promise<void> {
  const installation = await openInstallation(config, Date.now);
  const signalled = untilSignalled();
  // with --json the only thing on stdout is the document about the start
  const destination = pino.destination({ dest: asJson ? 2 : 1, sync: false });
  const log = pino({ level: config.logLevel, base: null }, destination);
  try {
    // a start that can't listen makes no secrets that nobody sees
    await tryToListen(createServer(), config);
    let isStopping = false;
    const certificate = await certificateOf(installation, log);
    const app = appOf(installation, log, certificate, () => isStopping);
    try {
      const firstStart = await firstStartOf(installation);
      await app.listen({ host: config.host, port: config.port });
      writeOutcome(startOutcome({ config, firstStart }), asJson);
      if ((await signalled) === 'SIGTERM') {
        isStopping = true;
        await sleep(config.stopDelay * 1000);
      }
    } finally {
      limitStop(log);
      await app.close();
    }
  } finally {
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

function appOf(
  { config, storage, services, key }: Installation,
  log: Logger,
  certificate: Certificate | undefined,
  isStopping: () => boolean,
): FastifyInstance {
  const authenticator = createAuthenticator({
    storage,
    key,
    onNoteFailed: (err) => log.warn({ err }, 'the time of use of a credential could not be stored'),
  });
  return createApp({
    services,
    authenticator,
    signIns: createSignIns({ ...services, key }),
    baseUrl: config.baseUrl,
    log,
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

/** @throws ServiceError when the server can't listen where it is told to */
async function tryToListen(probe: Server, { host, port }: Config): Promise<void> {
  probe.listen(port, host);
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

const untilSignalled = (): Promise<'SIGTERM' | 'SIGINT'> =>
  new Promise((resolve) => {
    // a second signal ends the process at once, as it would without a handler
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });

function limitStop(log: Logger): void {
  setTimeout(() => {
    log.error(`requests did not end within ${STOP_LIMIT_MS / 1000} s`);
    process.exit(1);
  }, STOP_LIMIT_MS).unref();
}
