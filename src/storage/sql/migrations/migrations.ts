import { fence } from './fence.ts';

/** One step of the schema's history; steps are only ever appended. */
export interface Migration {
  readonly name: string;
  /** One statement each, run and recorded one by one, so that an interrupted migration goes on where it stopped. */
  readonly statements: readonly string[];
  /** For PostgreSQL alone, and passed over by an engine that speaks like it and can't do so. */
  readonly onPostgres?: boolean;
}

/** Words that databases spell differently, replaced in every statement. */
export type TypeWords = Readonly<Record<'BYTES' | 'KEYED' | 'TEXT_KEY', string>>;

/**
 * The numbered list of migrations. tenant_id leads every key, unique constraint and index; no sequence, trigger, lower()
 * or collation of the database is used, so that the same schema can be spread over many nodes by tenant. A table with a
 * tenant_id gets a fence, and no later statement reads or writes its rows: behind the fence there are none.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: '0001-directory',
    statements: [
      `CREATE TABLE setting (
         name {TEXT_KEY} NOT NULL PRIMARY KEY,
         value TEXT NOT NULL
       )`,
      `CREATE TABLE tenant (
         id {TEXT_KEY} NOT NULL PRIMARY KEY,
         domain {TEXT_KEY} NOT NULL CONSTRAINT tenant_domain UNIQUE,
         name TEXT NOT NULL,
         is_super INTEGER NOT NULL,
         active INTEGER NOT NULL,
         created {TEXT_KEY} NOT NULL
       )`,
      `CREATE TABLE user_store (
         tenant_id {TEXT_KEY} NOT NULL,
         name_key {TEXT_KEY} NOT NULL,
         name TEXT NOT NULL,
         created {TEXT_KEY} NOT NULL,
         PRIMARY KEY (tenant_id, name_key)
       )`,
      `CREATE TABLE integration (
         tenant_id {TEXT_KEY} NOT NULL,
         id {TEXT_KEY} NOT NULL,
         name {TEXT_KEY} NOT NULL,
         auth TEXT NOT NULL,
         settings TEXT NOT NULL,
         created {TEXT_KEY} NOT NULL,
         PRIMARY KEY (tenant_id, id)
       )`,
      `CREATE TABLE credential (
         tenant_id {TEXT_KEY} NOT NULL,
         id {TEXT_KEY} NOT NULL,
         integration_id {TEXT_KEY} NOT NULL,
         digest {BYTES} NOT NULL,
         suffix TEXT NOT NULL,
         created {TEXT_KEY} NOT NULL,
         last_used {TEXT_KEY},
         expires {TEXT_KEY},
         PRIMARY KEY (tenant_id, id),
         CONSTRAINT credential_integration
           FOREIGN KEY (tenant_id, integration_id) REFERENCES integration (tenant_id, id) ON DELETE CASCADE
       )`,
      'CREATE INDEX credential_by_integration ON credential (tenant_id, integration_id)',
    ],
  },
  {
    name: '0002-resources',
    statements: [
      `CREATE TABLE resource (
         tenant_id {TEXT_KEY} NOT NULL,
         type {TEXT_KEY} NOT NULL,
         id {TEXT_KEY} NOT NULL,
         version INTEGER NOT NULL,
         created {TEXT_KEY} NOT NULL,
         last_modified {TEXT_KEY} NOT NULL,
         store {TEXT_KEY} NOT NULL,
         user_name {TEXT_KEY},
         display_name {TEXT_KEY},
         external_id {TEXT_KEY},
         family_name {TEXT_KEY},
         active {TEXT_KEY},
         doc TEXT NOT NULL,
         PRIMARY KEY (tenant_id, type, id)
       )`,
      'CREATE UNIQUE INDEX resource_user_name ON resource (tenant_id, type, user_name) WHERE user_name IS NOT NULL',
      'CREATE INDEX resource_display_name ON resource (tenant_id, type, display_name, id) WHERE display_name IS NOT NULL',
      'CREATE INDEX resource_external_id ON resource (tenant_id, type, external_id, id) WHERE external_id IS NOT NULL',
      'CREATE INDEX resource_family_name ON resource (tenant_id, type, family_name, id) WHERE family_name IS NOT NULL',
      'CREATE INDEX resource_active ON resource (tenant_id, type, active, id) WHERE active IS NOT NULL',
      'CREATE INDEX resource_created ON resource (tenant_id, type, created, id)',
      'CREATE INDEX resource_last_modified ON resource (tenant_id, type, last_modified, id)',
      // whether a store is empty; most resources are in PRIMARY, which is never asked about
      "CREATE INDEX resource_store ON resource (tenant_id, store) WHERE store <> 'primary'",
      `CREATE TABLE attribute_value (
         tenant_id {TEXT_KEY} NOT NULL,
         type {TEXT_KEY} NOT NULL,
         path {TEXT_KEY} NOT NULL,
         value {TEXT_KEY} NOT NULL,
         resource_id {TEXT_KEY} NOT NULL,
         element INTEGER NOT NULL,
         element_type {TEXT_KEY},
         element_primary {TEXT_KEY},
         whole {TEXT_KEY},
         PRIMARY KEY (tenant_id, type, path, value, resource_id, element)
       ){KEYED}`,
      `CREATE TABLE member (
         tenant_id {TEXT_KEY} NOT NULL,
         group_id {TEXT_KEY} NOT NULL,
         member_id {TEXT_KEY} NOT NULL,
         member_type {TEXT_KEY} NOT NULL,
         PRIMARY KEY (tenant_id, group_id, member_id),
         CONSTRAINT member_resource
           FOREIGN KEY (tenant_id, member_type, member_id) REFERENCES resource (tenant_id, type, id)
       ){KEYED}`,
      'CREATE INDEX member_by_member ON member (tenant_id, member_id, group_id)',
      `CREATE TABLE resource_count (
         tenant_id {TEXT_KEY} NOT NULL,
         type {TEXT_KEY} NOT NULL,
         shard INTEGER NOT NULL,
         total INTEGER NOT NULL,
         PRIMARY KEY (tenant_id, type, shard)
       ){KEYED}`,
    ],
  },
  {
    name: '0003-passwords',
    statements: [
      `CREATE TABLE user_password (
         tenant_id {TEXT_KEY} NOT NULL,
         user_id {TEXT_KEY} NOT NULL,
         hash TEXT NOT NULL,
         changed TEXT NOT NULL,
         PRIMARY KEY (tenant_id, user_id)
       ){KEYED}`,
    ],
  },
  {
    name: '0004-tenant-revision',
    // changes whenever the tenant, its integrations or its credentials do, so that what was read of them can be kept
    statements: ['ALTER TABLE tenant ADD COLUMN revision INTEGER NOT NULL DEFAULT 0'],
  },
  {
    name: '0005-definitions',
    statements: [
      // 0 as long as a tenant has defined nothing: then nobody looks for definitions
      'ALTER TABLE tenant ADD COLUMN definition_revision INTEGER NOT NULL DEFAULT 0',
      `CREATE TABLE definition (
         tenant_id {TEXT_KEY} NOT NULL,
         kind {TEXT_KEY} NOT NULL,
         name {TEXT_KEY} NOT NULL,
         content TEXT NOT NULL,
         created {TEXT_KEY} NOT NULL,
         position INTEGER NOT NULL,
         PRIMARY KEY (tenant_id, kind, name)
       )`,
      // values that no two resources of a type may share, but for user names
      `CREATE TABLE unique_value (
         tenant_id {TEXT_KEY} NOT NULL,
         type {TEXT_KEY} NOT NULL,
         path {TEXT_KEY} NOT NULL,
         value {TEXT_KEY} NOT NULL,
         resource_id {TEXT_KEY} NOT NULL,
         PRIMARY KEY (tenant_id, type, path, value)
       ){KEYED}`,
      // what is kept but never returned, apart from the text that answers are made of
      'ALTER TABLE resource ADD COLUMN hidden TEXT',
    ],
  },
  {
    name: '0006-nested-groups',
    // groups in groups are few among the members: walks up and down touch these rows and no user's
    statements: [
      "CREATE INDEX member_nested_up ON member (tenant_id, member_id, group_id) WHERE member_type = 'Group'",
      "CREATE INDEX member_nested_down ON member (tenant_id, group_id, member_id) WHERE member_type = 'Group'",
    ],
  },
  {
    name: '0007-permissions',
    statements: [
      `CREATE TABLE group_permission (
         tenant_id {TEXT_KEY} NOT NULL,
         group_id {TEXT_KEY} NOT NULL,
         permission {TEXT_KEY} NOT NULL,
         PRIMARY KEY (tenant_id, group_id, permission)
       ){KEYED}`,
      // the group PRIMARY/admin of before: it holds the user admin, who has a password, or is the first group of the super
      // tenant; a group of that name that an identity provider has made gets nothing
      `INSERT INTO group_permission (tenant_id, group_id, permission)
       SELECT g.tenant_id, g.id, p.permission
       FROM resource g CROSS JOIN (SELECT 'login' AS permission UNION ALL SELECT 'provision') p
       WHERE g.type = 'Group' AND g.display_name = 'admin' AND g.external_id IS NULL
         AND (EXISTS (SELECT 1 FROM member m
             JOIN resource u ON u.tenant_id = m.tenant_id AND u.type = 'User' AND u.id = m.member_id
             JOIN user_password w ON w.tenant_id = u.tenant_id AND w.user_id = u.id
             WHERE m.tenant_id = g.tenant_id AND m.group_id = g.id AND u.user_name = 'admin')
           OR EXISTS (SELECT 1 FROM tenant t WHERE t.id = g.tenant_id AND t.is_super = 1))
         AND NOT EXISTS (SELECT 1 FROM resource o
           WHERE o.tenant_id = g.tenant_id AND o.type = 'Group' AND o.id < g.id)`,
    ],
  },
  {
    name: '0008-fences',
    onPostgres: true,
    statements: [
      'user_store',
      'integration',
      'credential',
      'resource',
      'attribute_value',
      'member',
      'resource_count',
      'user_password',
      'definition',
      'unique_value',
      'group_permission',
    ].map(fence),
  },
  {
    name: '0009-statistics',
    onPostgres: true,
    // a tenant that the statistics have not seen would count as one without rows, and to walk through all of them as no
    // work: without statistics of the column, any tenant counts as a small part of the table
    statements: ['resource', 'attribute_value', 'member'].map(
      (table) => `ALTER TABLE ${table} ALTER COLUMN tenant_id SET STATISTICS 0`,
    ),
  },
  {
    name: '0010-operators',
    // of no tenant: who signs in is found before it is known which one they are of
    statements: [
      `CREATE TABLE operator (
         id {TEXT_KEY} NOT NULL PRIMARY KEY,
         email TEXT NOT NULL,
         email_key {TEXT_KEY} NOT NULL CONSTRAINT operator_email UNIQUE,
         name TEXT NOT NULL,
         role {TEXT_KEY} NOT NULL,
         tenant {TEXT_KEY},
         active INTEGER NOT NULL,
         created {TEXT_KEY} NOT NULL,
         last_sign_in {TEXT_KEY},
         password TEXT,
         totp {BYTES},
         totp_pending {BYTES},
         totp_step INTEGER NOT NULL,
         subject {TEXT_KEY} CONSTRAINT operator_subject UNIQUE,
         generation INTEGER NOT NULL
       )`,
      'CREATE INDEX operator_tenant ON operator (tenant) WHERE tenant IS NOT NULL',
      `CREATE TABLE operator_recovery (
         operator_id {TEXT_KEY} NOT NULL,
         digest {BYTES} NOT NULL,
         PRIMARY KEY (operator_id, digest)
       ){KEYED}`,
      `CREATE TABLE operator_session (
         id {TEXT_KEY} NOT NULL PRIMARY KEY,
         operator_id {TEXT_KEY} NOT NULL,
         digest {BYTES} NOT NULL CONSTRAINT operator_session_digest UNIQUE,
         generation INTEGER NOT NULL,
         created {TEXT_KEY} NOT NULL,
         authenticated {TEXT_KEY} NOT NULL,
         last_seen {TEXT_KEY} NOT NULL,
         expires {TEXT_KEY} NOT NULL,
         address TEXT NOT NULL,
         user_agent TEXT NOT NULL
       )`,
      'CREATE INDEX operator_session_operator ON operator_session (operator_id)',
      `CREATE TABLE operator_key (
         id {TEXT_KEY} NOT NULL PRIMARY KEY,
         operator_id {TEXT_KEY} NOT NULL,
         name TEXT NOT NULL,
         digest {BYTES} NOT NULL,
         suffix TEXT NOT NULL,
         created {TEXT_KEY} NOT NULL,
         last_used {TEXT_KEY},
         expires {TEXT_KEY}
       )`,
      'CREATE INDEX operator_key_operator ON operator_key (operator_id)',
      `CREATE TABLE operator_link (
         digest {BYTES} NOT NULL PRIMARY KEY,
         kind {TEXT_KEY} NOT NULL,
         operator_id {TEXT_KEY},
         created {TEXT_KEY} NOT NULL,
         expires {TEXT_KEY} NOT NULL
       ){KEYED}`,
    ],
  },
  {
    name: '0011-audit',
    statements: [
      `CREATE TABLE audit_record (
         tenant_id {TEXT_KEY} NOT NULL,
         id {TEXT_KEY} NOT NULL,
         actor_kind TEXT NOT NULL,
         actor_id {TEXT_KEY} NOT NULL,
         actor_name TEXT NOT NULL,
         via {TEXT_KEY} NOT NULL,
         address TEXT,
         action {TEXT_KEY} NOT NULL,
         target_type TEXT,
         target_id {TEXT_KEY},
         target_name TEXT,
         detail TEXT NOT NULL,
         result TEXT NOT NULL,
         request_id TEXT,
         PRIMARY KEY (tenant_id, id)
       ){KEYED}`,
      'CREATE INDEX audit_record_target ON audit_record (tenant_id, target_id, id)',
      // what people do is found among the many changes of identity providers
      "CREATE INDEX audit_record_by_people ON audit_record (tenant_id, via, id) WHERE via <> 'scim'",
    ],
  },
  {
    name: '0011-audit-fence',
    onPostgres: true,
    statements: [fence('audit_record'), 'ALTER TABLE audit_record ALTER COLUMN tenant_id SET STATISTICS 0'],
  },
];
