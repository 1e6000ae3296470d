import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import {
  DEVICE_DEFINITION,
  DEVICE_TYPE_DEFINITION,
  LEASE_DEFINITION,
} from '../service/tenant-definitions.ts';
import { createRoster, freePort, type Roster } from './roster.ts';

type Shown = readonly [status: number, json: unknown];

/** A server with two tenants and something of everything in them. */
export interface Populated {
  /** Authorization headers and the statuses that they get. */
  readonly credentials: readonly (readonly [authorization: string, status: number])[];
  /** What lists show, by path and authorization. */
  readonly lists: ReadonlyMap<string, Shown>;
}

const basic = (name: string, password: string): string =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;

/** A data directory with nothing but the secret key of another, or not even that; it is gone behind the test. */
export function emptyRoster(source: Roster, { withKey = true } = {}): Roster {
  const roster = createRoster();
  onTestFinished(() => roster.close());
  mkdirSync(roster.dataDir, { mode: 0o700 });
  if (withKey) copyFileSync(join(source.dataDir, 'secret.key'), join(roster.dataDir, 'secret.key'));
  return roster;
}

/** Runs `work` while a server runs on the data directory. */
export async function whileServing<T>(roster: Roster, work: (origin: string) => Promise<T>): Promise<T> {
  const port = await freePort();
  const server = roster.start(['serve', '--json'], { ROSTER_PORT: String(port) });
  await server.until(/\n/);
  try {
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    await server.stop('SIGTERM');
  }
}

/** Makes the tenants and what is in them, by the program and over HTTP. */
export async function populate(roster: Roster): Promise<Populated> {
  const run = async (line: string, ...more: string[]) => {
    const ran = await roster.runHere([...line.split(' '), '--json', ...more]);
    if (ran.code !== 0) throw new Error(`${line}: ${ran.stdout}${ran.stderr}`);
    return ran.json;
  };
  const file = (name: string, content: unknown): string => {
    const path = join(roster.dataDir, '..', name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  await run('tenant create acme.com --name Acme --admin-password acme-password');
  await run('tenant create closed.com');
  await run('tenant deactivate closed.com');
  for (const store of ['AMRSNGHE', 'EU']) await run(`store create ${store} --tenant acme.com`);
  await run('schema add --tenant acme.com', file('device.json', DEVICE_DEFINITION));
  await run('schema add --tenant acme.com', file('lease.json', LEASE_DEFINITION));
  await run('resource-type add --tenant acme.com', file('type.json', DEVICE_TYPE_DEFINITION));

  await run('operator create jo@example.com');
  await run('operator create ada@acme.com --tenant acme.com --role auditor');
  proveOperators(roster);
  const entra = await run('integration create Entra --no-require-primary-email --rate-limit 400');
  const acme = await run('integration create Okta --tenant acme.com --auth basic --no-require-primary-email');
  const second = await run('credential add Okta --tenant acme.com --expires 90d');
  const revoked = await run('credential add Okta --tenant acme.com');
  await run(`credential revoke ${revoked.id} --tenant acme.com`);
  const okta = basic(acme.username, acme.password);

  const credentials: [string, number][] = [
    [`Bearer ${entra.token}`, 200],
    [okta, 200],
    [basic(second.username, second.password), 200],
    [basic(revoked.username, revoked.password), 401],
  ];
  const lists = await whileServing(roster, async (origin) => {
    await provision(origin, `Bearer ${entra.token}`, false);
    const group = await provision(origin, okta, true);
    await run(`permission grant ${group} login --tenant acme.com`);
    return listsOf(origin, [`Bearer ${entra.token}`, okta]);
  });
  return { credentials, lists };
}

/** @returns the name of a group */
async function provision(origin: string, authorization: string, inStores: boolean): Promise<string> {
  const post = async (path: string, body: object): Promise<string> => {
    const answer = await fetch(`${origin}/scim/v2${path}`, {
      method: path.includes('/Groups/') ? 'PATCH' : 'POST',
      headers: { authorization, 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { id: string }).id;
  };
  const user = (userName: string, more: object = {}) =>
    post('/Users', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, ...more });
  const group = (displayName: string, members: readonly string[]) =>
    post('/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName,
      members: members.map((value) => ({ value })),
    });
  const signedIn = await user('Barbara', { password: 'a-password-of-hers', displayName: 'Bärbel \u2028 𝒳' });
  const ids = [signedIn];
  for (let index = 0; index < 30; index++)
    ids.push(
      await user(`${inStores && index % 3 === 0 ? 'EU/' : ''}user${index}`, {
        externalId: `e${index}`,
        name: { familyName: `Family ${index % 7}`, givenName: 'x'.repeat(index * 20) },
        active: index % 4 !== 0,
        emails: [
          { value: `user${index}@example.com`, type: 'work' },
          { value: `home${index}@example.com`, type: 'home', primary: true },
        ],
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: `D${index % 3}` },
      }),
    );
  const inner = await group('Inner', ids);
  const outer = await group('Outer', [inner, signedIn]);
  // groups in a circle
  await post(`/Groups/${inner}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'add', path: 'members', value: [{ value: outer }] }],
  });
  if (!inStores) return 'Outer';
  for (const serial of ['S1', 'S2'])
    await post('/Devices', {
      schemas: [DEVICE_DEFINITION_ID, LEASE_ID],
      serial,
      assetTag: `tag-${serial}`,
      pin: '1234',
      recoveryKey: `secret of ${serial}`,
      ports: [80, 443],
      addresses: [
        { value: `${serial}:1`, type: 'wired', secret: 'hidden' },
        { value: `${serial}:2`, type: 'wireless', primary: true },
      ],
      [LEASE_ID]: { lessor: 'L', contract: 'never shown' },
    });
  return 'Outer';
}

const DEVICE_DEFINITION_ID = (DEVICE_DEFINITION as { id: string }).id;
const LEASE_ID = (LEASE_DEFINITION as { id: string }).id;

/** What a server shows of its users and groups, and to users of themselves, but for its own address. */
export async function listsOf(
  origin: string,
  authorizations: readonly string[],
): Promise<Map<string, Shown>> {
  const requests = [
    ...authorizations.flatMap((each) => ['/Users', '/Groups'].map((path) => [path, each] as const)),
    ['/Devices', authorizations.at(-1) ?? ''],
    ['/Me', basic('Barbara', 'a-password-of-hers')],
    ['/Me', basic('Barbara@acme.com', 'a-password-of-hers')],
    ['/Me', basic('admin@acme.com', 'acme-password')],
  ] as const;
  const shown = new Map<string, Shown>();
  for (const [path, authorization] of requests) {
    const answer = await fetch(`${origin}/scim/v2${path}`, { headers: { authorization } });
    const text = (await answer.text()).replaceAll(origin, '');
    shown.set(`${path} ${authorization}`, [answer.status, JSON.parse(text)]);
  }
  return shown;
}

/** Gives operators what they would have after a while: passwords, apps, codes and keys. */
function proveOperators(roster: Roster): void {
  const database = new Database(join(roster.dataDir, 'roster.db'));
  const ids = database.prepare('SELECT id FROM operator ORDER BY id').pluck().all() as string[];
  database.exec(`UPDATE operator SET password = 'a hash', totp = x'0102ff', subject = 'issuer ' || id`);
  const code = database.prepare(`INSERT INTO operator_recovery (operator_id, digest) VALUES (?, x'00ff')`);
  const key = database.prepare(
    `INSERT INTO operator_key (id, operator_id, name, digest, suffix, created)
     VALUES (?, ?, 'nightly', x'0a0b', 'wxyz', '2026-01-01T00:00:00.000Z')`,
  );
  for (const id of ids) {
    code.run(id);
    key.run(`key-of-${id}`, id);
  }
  database.close();
}

/** What tells of the server that it was written on stays there: audit, sessions and links, and how far figures are. */
const STAYING = ['migration_step', 'lease', 'audit_record', 'operator_link', 'operator_session'];

/** Every row of every other table. */
export function rowsOf(roster: Roster): Map<string, unknown[]> {
  const database = new Database(join(roster.dataDir, 'roster.db'), { readonly: true });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .pluck()
      .all() as string[];
    return new Map(
      tables
        .filter((name) => !STAYING.includes(name))
        .map((name) => [
          name,
          database
            .prepare(`SELECT * FROM ${name}`)
            .all()
            .map((row) => JSON.stringify(row))
            .filter((row) => !row.startsWith('{"name":"totals_noted"'))
            .sort(),
        ]),
    );
  } finally {
    database.close();
  }
}
