import { fence } from './fence.ts';
import type { Migration } from './migrations.ts';

/**
 * The tables of the request log. On PostgreSQL they are among the others; with SQLite they are a file of their own, so that
 * neither the size of the log nor its writes are any matter of the database's.
 */
export const REQUEST_LOG_MIGRATIONS: readonly Migration[] = [
  {
    name: '0012-request-log',
    statements: [
      `CREATE TABLE request_log (
         tenant_id {TEXT_KEY} NOT NULL,
         id {TEXT_KEY} NOT NULL,
         time TEXT NOT NULL,
         integration_id {TEXT_KEY},
         credential_id TEXT,
         credential_suffix TEXT,
         user_id TEXT,
         provider {TEXT_KEY} NOT NULL,
         user_agent TEXT NOT NULL,
         content_type TEXT,
         protocol TEXT NOT NULL,
         method {TEXT_KEY} NOT NULL,
         path {TEXT_KEY} NOT NULL,
         route {TEXT_KEY},
         status INTEGER NOT NULL,
         scim_type TEXT,
         detail TEXT,
         reason TEXT,
         micros INTEGER NOT NULL,
         tolerances TEXT NOT NULL,
         request_id {TEXT_KEY} NOT NULL,
         address TEXT NOT NULL,
         request_bytes INTEGER,
         response_bytes INTEGER,
         resource_id {TEXT_KEY},
         removed INTEGER NOT NULL,
         malformed_at INTEGER,
         is_replayable INTEGER NOT NULL,
         PRIMARY KEY (tenant_id, id)
       ){KEYED}`,
      'CREATE INDEX request_log_integration ON request_log (tenant_id, integration_id, id) WHERE integration_id IS NOT NULL',
      'CREATE INDEX request_log_resource ON request_log (tenant_id, resource_id, id) WHERE resource_id IS NOT NULL',
      'CREATE INDEX request_log_failed ON request_log (tenant_id, id) WHERE status >= 400',
      // apart, so that lists read small rows alone
      `CREATE TABLE request_content (
         tenant_id {TEXT_KEY} NOT NULL,
         id {TEXT_KEY} NOT NULL,
         request_body TEXT,
         response_body TEXT,
         changes TEXT,
         PRIMARY KEY (tenant_id, id)
       )`,
      // what a request has several of and is found by: tolerances, and resources besides the one that its URL names
      `CREATE TABLE request_term (
         tenant_id {TEXT_KEY} NOT NULL,
         id {TEXT_KEY} NOT NULL,
         term {TEXT_KEY} NOT NULL,
         PRIMARY KEY (tenant_id, id, term)
       ){KEYED}`,
      'CREATE INDEX request_term_term ON request_term (tenant_id, term, id)',
      `CREATE TABLE request_hour (
         tenant_id {TEXT_KEY} NOT NULL,
         hour {TEXT_KEY} NOT NULL,
         integration_id {TEXT_KEY} NOT NULL,
         requests INTEGER NOT NULL,
         refused INTEGER NOT NULL,
         failed INTEGER NOT NULL,
         micros BIGINT NOT NULL,
         PRIMARY KEY (tenant_id, hour, integration_id)
       ){KEYED}`,
      `CREATE TABLE tenant_hour (
         tenant_id {TEXT_KEY} NOT NULL,
         hour {TEXT_KEY} NOT NULL,
         users INTEGER NOT NULL,
         groups INTEGER NOT NULL,
         PRIMARY KEY (tenant_id, hour)
       ){KEYED}`,
      `CREATE TABLE integration_activity (
         tenant_id {TEXT_KEY} NOT NULL,
         integration_id {TEXT_KEY} NOT NULL,
         last_request TEXT NOT NULL,
         last_success TEXT,
         last_error TEXT,
         last_error_id TEXT,
         last_error_status INTEGER,
         PRIMARY KEY (tenant_id, integration_id)
       ){KEYED}`,
    ],
  },
  {
    name: '0012-request-log-fences',
    onPostgres: true,
    statements: [
      'request_log',
      'request_content',
      'request_term',
      'request_hour',
      'tenant_hour',
      'integration_activity',
    ].map(fence),
  },
];

/** Their rows and keys behind tenant_id, in the order in which a tenant is deleted. */
export const REQUEST_LOG_TABLES: readonly (readonly [table: string, key: string])[] = [
  ['request_log', 'id'],
  ['request_content', 'id'],
  ['request_term', 'id, term'],
  ['request_hour', 'hour, integration_id'],
  ['tenant_hour', 'hour'],
  ['integration_activity', 'integration_id'],
];
