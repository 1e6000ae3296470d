import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { loadConfig } from '../../src/config.ts';
import { ANSWER_FORM_2 } from '../../src/core/answer-form.ts';
import { BUILT_IN } from '../../src/core/registry.ts';
import { toleranceOf } from '../../src/core/tolerance.ts';
import type { AdminSettings } from '../../src/http/admin/admin.ts';
import { createApp } from '../../src/http/app.ts';
import { SYSTEM_ACTOR } from '../../src/service/actor.ts';
import { type Administration, createAdministration } from '../../src/service/administration.ts';
import { createAuthenticator } from '../../src/service/authenticate.ts';
import type { RequestContext, Services } from '../../src/service/context.ts';
import { DEFAULT_INTEGRATION, type NewIntegration } from '../../src/service/integrations.ts';
import type { OidcSettings } from '../../src/service/oidc.ts';
import type { OperatorNote } from '../../src/service/operator.ts';
import {
  createOperatorServices,
  type OperatorAudit,
  type OperatorServices,
} from '../../src/service/operator-services.ts';
import { NO_PEERS, type Peers } from '../../src/service/peers.ts';
import { createRequestLog, type RequestLog, type Traffic } from '../../src/service/request-log.ts';
import { secretText } from '../../src/service/secrets.ts';
import { createServices } from '../../src/service/services.ts';
import { createSignIns } from '../../src/service/sign-in.ts';
import type { Tenants } from '../../src/service/tenants.ts';
import type { Actor } from '../../src/storage/audit.ts';
import type { Tenant } from '../../src/storage/directory.ts';
import { NO_TENANT, type RequestLogStore } from '../../src/storage/request-log.ts';
import type { Engine } from '../../src/storage/sql/engine.ts';
import { migrate } from '../../src/storage/sql/migrate.ts';
import { openPostgres } from '../../src/storage/sql/postgres.ts';
import { openRequestLogFile, openRequestLogTables } from '../../src/storage/sql/request-log-store.ts';
import { createSqlStorage } from '../../src/storage/sql/sql-storage.ts';
import { openSqlite } from '../../src/storage/sql/sqlite.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { spreadDatabase } from './citus.ts';
import { migratedDatabase, type TemporaryDatabase } from './postgres.ts';
import { routedEngine } from './routed-engine.ts';
import { ruledEngine } from './ruled-engine.ts';
import { watchedEngine } from './watched-engine.ts';

export const BASE_URL = 'http://roster.test';

interface TemporaryEngine {
  readonly engine: Engine;
  readonly directory: string;
  /** The database that it is; undefined: a file in the directory. */
  readonly url?: string;
  /** All that the database holds. */
  readonly stored: () => Promise<Buffer>;
  readonly close: () => Promise<void>;
}

interface RuledEngine extends TemporaryEngine {
  /** The same for what a test looks at itself. */
  readonly unruled: Engine;
}

interface TemporaryStorage extends TemporaryEngine {
  readonly storage: Storage;
}

/** Which database the tests that are not about one in particular run on; `vitest.config.ts` sets it. */
const database = process.env.ROSTER_TEST_DATABASE;

/** Whether they run on Citus. */
export const isOnCitus = database === 'citus';

/** Whether they run on PostgreSQL, or on Citus, which is PostgreSQL too. */
export const isOnPostgres = database === 'postgres' || isOnCitus;

/**
 * A database of its own whose tables are up to date, removed when it is closed: on PostgreSQL, or a SQLite file. Each
 * statement must keep the rules of engines that spread tenants over servers.
 *
 * @throws when it is closed and one has not
 */
export async function temporaryEngine(): Promise<RuledEngine> {
  const complaints: string[] = [];
  const note = (complaint: string): void => void complaints.push(complaint);
  const { engine, close, ...rest } = await engineOn(note);
  return {
    ...rest,
    engine: ruledEngine(engine, note),
    async close() {
      await close();
      if (complaints.length > 0) throw new Error(complaints.join('\n'));
    },
  };
}

async function engineOn(note: (complaint: string) => void): Promise<RuledEngine> {
  if (!isOnPostgres) {
    const temporary = await sqliteEngine();
    return { ...temporary, unruled: temporary.engine };
  }
  const { url, remove } = isOnCitus ? await spreadDatabase() : await migratedDatabase();
  const { engine: unruled, ...rest } = postgresEngine({ url, remove });
  if (!isOnCitus) return { ...rest, engine: unruled, unruled };
  const explainer = openPostgres(url, 20_000);
  return {
    ...rest,
    unruled,
    engine: routedEngine(unruled, explainer, note),
    async close() {
      await explainer.close();
      await rest.close();
    },
  };
}

/**
 * A storage on a database of its own, removed when it is closed.
 *
 * @param onStatement told the text of every statement that is run
 */
export const temporaryStorage = async (onStatement?: (sql: string) => void): Promise<TemporaryStorage> =>
  storageOn(await temporaryEngine(), onStatement);

/** The same on an empty database of PostgreSQL. @param waitMs how long a request waits for a connection */
export async function storageInPostgres(
  database: TemporaryDatabase,
  waitMs?: number,
): Promise<TemporaryStorage> {
  const temporary = postgresEngine(database, waitMs);
  await migrate(temporary.engine, Date.now);
  return storageOn(temporary);
}

async function sqliteEngine(): Promise<TemporaryEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'roster-test-'));
  const engine = openSqlite(join(directory, 'roster.db'));
  await migrate(engine, Date.now);
  return {
    engine,
    directory,
    async stored() {
      const names = await readdir(directory);
      return Buffer.concat(await Promise.all(names.map((name) => readFile(join(directory, name)))));
    },
    async close() {
      await engine.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** @param waitMs for a connection: other tests may take the processors meanwhile */
function postgresEngine({ url, remove }: TemporaryDatabase, waitMs = 20_000): TemporaryEngine {
  const engine = openPostgres(url, waitMs);
  return {
    engine,
    url,
    directory: tmpdir(),
    async stored() {
      const tenants = await engine.shared.reader.all<{ id: string }>('SELECT id FROM tenant', []);
      const text = "SELECT CAST(schema_to_xml('public', true, false, '') AS text) AS text";
      const rows = await Promise.all(
        [{ id: NO_TENANT }, ...tenants].map(({ id }) => engine.of(id).reader.get<{ text: string }>(text, [])),
      );
      return Buffer.from(rows.map((row) => row?.text).join('\n'));
    },
    async close() {
      await engine.close();
      await remove();
    },
  };
}

function storageOn(
  { engine, ...rest }: TemporaryEngine,
  onStatement?: (sql: string) => void,
): TemporaryStorage {
  const watched = onStatement ? watchedEngine(engine, onStatement) : engine;
  return { ...rest, engine, storage: createSqlStorage(watched) };
}

/** The request log of a database, or beside it. */
export const requestLogStoreOn = (
  { engine, url, directory }: Pick<TemporaryEngine, 'engine' | 'url' | 'directory'>,
  onStart?: Parameters<typeof openRequestLogFile>[1],
): RequestLogStore =>
  url === undefined
    ? openRequestLogFile(join(directory, 'requests.db'), onStart)
    : openRequestLogTables(engine, url, onStart);

/** An answer of the server: `json` is undefined for an empty body. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  // answers are looked into by path, as a client would
  // biome-ignore lint/suspicious/noExplicitAny: tests read what came back
  readonly json: any;
}

export interface Client {
  readonly authorization: string;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

interface Audited {
  readonly actor: Parameters<OperatorAudit>[0];
  readonly note: OperatorNote;
}

export interface TestServer {
  readonly app: FastifyInstance;
  readonly services: Services;
  readonly operatorServices: OperatorServices;
  /** What was appended to the audit about operators. */
  readonly audited: readonly Audited[];
  readonly tenants: Tenants;
  readonly superTenant: Tenant;
  /** Where the files of the database are. */
  readonly directory: string;
  /** All that the database holds, and the request log. */
  stored(): Promise<Buffer>;
  readonly requestLog: RequestLog;
  /** Lines that the server has logged. */
  readonly logLines: readonly string[];
  /** A client with an integration of its own; paths are relative to `/scim/v2`. */
  connect(settings?: Partial<NewIntegration>, tenant?: Tenant): Promise<Client>;
  send(method: string, url: string, headers: Record<string, string>, body?: string | Buffer): Promise<Answer>;
  close(): Promise<void>;
}

/** On whose behalf a test calls services without HTTP: a client of the super tenant, in the strict dialect. */
export const strictContext = ({ superTenant }: Pick<TestServer, 'superTenant'>): RequestContext => ({
  tenantId: superTenant.id,
  subject: 'test',
  actor: SYSTEM_ACTOR,
  changes: [],
  isOwn: false,
  settings: { dialect: 'strict', requirePrimaryEmail: true, scopes: ['read', 'write'] },
  tolerance: toleranceOf('strict'),
  precondition: undefined,
  registry: BUILT_IN,
  form: ANSWER_FORM_2,
  baseUrl: `${BASE_URL}/scim/v2`,
});

export async function startServer({
  rateLimit,
  trustProxy = false,
  now = Date.now,
  onStatement,
  peers = NO_PEERS,
  identify,
  baseUrl = BASE_URL,
  oidc,
  requestLogDays = 0,
  requestLogBodies = true,
  traffic,
  open = () => temporaryStorage(onStatement),
}: {
  /** Who makes requests of the admin API. */
  identify?: AdminSettings['identify'];
  baseUrl?: string;
  oidc?: OidcSettings;
  /** What is said of the requests of tenants. */
  traffic?: Traffic;
  rateLimit?: number;
  trustProxy?: boolean | readonly string[];
  now?: () => number;
  onStatement?: (sql: string) => void;
  peers?: Peers;
  /** 0: no requests are kept. */
  requestLogDays?: number;
  requestLogBodies?: boolean;
  open?: () => Promise<TemporaryStorage>;
} = {}): Promise<TestServer> {
  const temporary = await open();
  const { storage, directory, stored, close } = temporary;
  const key = createSecretKey(randomBytes(32));
  const services = createServices({ storage, key, now });
  const requestLog = createRequestLog({
    ...services,
    store: requestLogStoreOn(temporary),
    days: requestLogDays,
    keepsBodies: requestLogBodies,
  });
  const logLines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logLines.push(line) });
  const authenticator = createAuthenticator({ storage, key, onNoteFailed: (error) => log.error(error) });
  const administer = (actor: Actor): Administration =>
    createAdministration({ services, key, scimUrl: `${BASE_URL}/scim/v2`, requestLog, actor });
  const administration = administer(SYSTEM_ACTOR);
  const { tenants, integrations } = administration;
  const audited: Audited[] = [];
  const operatorServices = createOperatorServices({
    ...{ storage, passwords: services.passwords, key, now, peers, baseUrl, oidc },
    audit: async (actor, note) => void audited.push({ actor, note }),
    onNoteFailed: (error) => log.error(error),
  });
  const app = createApp({
    admin: {
      ...{ operatorServices, version: '0.0.0', identify, traffic, requestLog, administer },
      config: loadConfig({
        ROSTER_DATA_DIR: directory,
        ROSTER_SECRET_KEY: 'secret of the test server, not shown',
      }),
    },
    services,
    authenticator,
    signIns: createSignIns({ ...services, key, peers }),
    peers,
    baseUrl,
    log,
    requestLog,
    rateLimit,
    metricsToEveryone: false,
    trustProxy,
  });
  const superTenant = await tenants.ensureSuper();

  async function send(method: string, url: string, headers: Record<string, string>, body?: string | Buffer) {
    const answer = await app.inject({
      method: method as 'GET',
      url,
      headers,
      ...(body !== undefined && { payload: body }),
    });
    const text = answer.body;
    const isJson = /[/+]json\b/.test(String(answer.headers['content-type']));
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text,
      json: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  }

  return {
    app,
    services,
    operatorServices,
    audited,
    tenants,
    superTenant,
    directory,
    async stored() {
      await requestLog.flush();
      return stored();
    },
    requestLog,
    logLines,
    async connect(settings = {}, tenant = superTenant) {
      const name = settings.name ?? `test-${randomBytes(4).toString('hex')}`;
      const issued = await integrations.create(tenant, { ...DEFAULT_INTEGRATION, ...settings, name });
      const scheme = issued.secret.auth === 'bearer' ? 'Bearer' : 'Basic';
      const text = secretText(issued.secret);
      const authorization = `${scheme} ${scheme === 'Bearer' ? text : Buffer.from(text).toString('base64')}`;
      return {
        authorization,
        request(method, path, body, headers = {}) {
          const payload =
            body === undefined
              ? undefined
              : typeof body === 'string' || Buffer.isBuffer(body)
                ? body
                : JSON.stringify(body);
          const type = payload === undefined ? {} : { 'content-type': 'application/scim+json' };
          return send(method, `/scim/v2${path}`, { authorization, ...type, ...headers }, payload);
        },
      };
    },
    send,
    async close() {
      await app.close();
      await requestLog.close();
      await close();
    },
  };
}
