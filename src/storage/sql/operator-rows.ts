import type {
  OneTimeLink,
  OneTimeLinkKind,
  OperatorAccount,
  OperatorChange,
  OperatorKey,
  OperatorRole,
  OperatorSession,
} from '../operators.ts';
import type { Executor, SqlValue } from './engine.ts';

// Rows of the tables of operators and what they say, in both directions.

export type Row = Readonly<Record<string, SqlValue>>;

/** The columns of a statement that reads operators, of a table named `o`; a row has them with the prefix. */
export const OPERATOR_COLUMNS = `${columnsOf('o', [
  ...['id', 'email', 'email_key', 'name', 'role', 'tenant', 'active', 'created', 'last_sign_in'],
  ...['password', 'totp', 'totp_pending', 'subject', 'generation'],
])}, (SELECT t.domain FROM tenant t WHERE t.id = o.tenant) AS o_domain`;

export const SESSION_COLUMNS = columnsOf('s', [
  ...['id', 'operator_id', 'digest', 'generation', 'created', 'authenticated', 'last_seen', 'expires'],
  ...['address', 'user_agent'],
]);

export const KEY_COLUMNS = columnsOf('k', [
  ...['id', 'operator_id', 'name', 'digest', 'suffix', 'created', 'last_used', 'expires'],
]);

function columnsOf(alias: string, names: readonly string[]): string {
  return names.map((name) => `${alias}.${name} AS ${alias}_${name}`).join(', ');
}

const text = (value: SqlValue | undefined): string => String(value);
const optional = (value: SqlValue | undefined): string | undefined =>
  value == null ? undefined : text(value);
const bytes = (value: SqlValue | undefined): Uint8Array | undefined =>
  value == null ? undefined : (value as Uint8Array);

export const accountOf = (row: Row): OperatorAccount => ({
  id: text(row.o_id),
  email: text(row.o_email),
  emailKey: text(row.o_email_key),
  name: text(row.o_name),
  role: text(row.o_role) as OperatorRole,
  tenantId: optional(row.o_tenant),
  tenantDomain: optional(row.o_domain),
  active: row.o_active !== 0,
  created: text(row.o_created),
  lastSignIn: optional(row.o_last_sign_in),
  password: optional(row.o_password),
  totp: bytes(row.o_totp),
  totpPending: bytes(row.o_totp_pending),
  subject: optional(row.o_subject),
  generation: Number(row.o_generation),
});

/** Before the period of any one-time code. */
const NO_STEP = -1;

export const operatorRow = (account: OperatorAccount): Row => ({
  id: account.id,
  email: account.email,
  email_key: account.emailKey,
  name: account.name,
  role: account.role,
  tenant: account.tenantId ?? null,
  active: Number(account.active),
  created: account.created,
  last_sign_in: account.lastSignIn ?? null,
  password: account.password ?? null,
  totp: account.totp ?? null,
  totp_pending: account.totpPending ?? null,
  totp_step: NO_STEP,
  subject: account.subject ?? null,
  generation: account.generation,
});

const CHANGED_COLUMNS: Readonly<Record<Exclude<keyof OperatorChange, 'endsSessions'>, string>> = {
  name: 'name',
  role: 'role',
  tenantId: 'tenant',
  active: 'active',
  password: 'password',
  totp: 'totp',
  totpPending: 'totp_pending',
  subject: 'subject',
  lastSignIn: 'last_sign_in',
};

/** The columns that a change gives other values. */
export function changeRow(change: OperatorChange): Row {
  const row: Record<string, SqlValue> = {};
  for (const [name, column] of Object.entries(CHANGED_COLUMNS))
    if (name in change) {
      const value = change[name as keyof typeof CHANGED_COLUMNS] ?? null;
      row[column] = typeof value === 'boolean' ? Number(value) : value;
    }
  return row;
}

export const sessionRow = (session: OperatorSession): Row => ({
  id: session.id,
  operator_id: session.operatorId,
  digest: session.digest,
  generation: session.generation,
  created: session.created,
  authenticated: session.authenticated,
  last_seen: session.lastSeen,
  expires: session.expires,
  address: session.address,
  user_agent: session.userAgent,
});

export const sessionOf = (row: Row): OperatorSession => ({
  id: text(row.s_id),
  operatorId: text(row.s_operator_id),
  digest: row.s_digest as Uint8Array,
  generation: Number(row.s_generation),
  created: text(row.s_created),
  authenticated: text(row.s_authenticated),
  lastSeen: text(row.s_last_seen),
  expires: text(row.s_expires),
  address: text(row.s_address),
  userAgent: text(row.s_user_agent),
});

export const keyRow = (key: OperatorKey): Row => ({
  id: key.id,
  operator_id: key.operatorId,
  name: key.name,
  digest: key.digest,
  suffix: key.suffix,
  created: key.created,
  last_used: key.lastUsed ?? null,
  expires: key.expires ?? null,
});

export const keyOf = (row: Row): OperatorKey => ({
  id: text(row.k_id),
  operatorId: text(row.k_operator_id),
  name: text(row.k_name),
  digest: row.k_digest as Uint8Array,
  suffix: text(row.k_suffix),
  created: text(row.k_created),
  lastUsed: optional(row.k_last_used),
  expires: optional(row.k_expires),
});

export const linkRow = (link: OneTimeLink): Row => ({
  digest: link.digest,
  kind: link.kind,
  operator_id: link.operatorId ?? null,
  created: link.created,
  expires: link.expires,
});

export const linkOf = (row: Row): OneTimeLink => ({
  digest: row.digest as Uint8Array,
  kind: text(row.kind) as OneTimeLinkKind,
  operatorId: optional(row.operator_id),
  created: text(row.created),
  expires: text(row.expires),
});

/** Writes one row. @param ending what the statement ends with @returns 0 when the ending has it not written */
export const insertRow = (tx: Executor, table: string, row: Row, ending = ''): Promise<number> =>
  tx.run(
    `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
      .map(() => '?')
      .join(', ')}) ${ending}`,
    Object.values(row),
  );
