import { show } from './measurements/rows.ts';

/** A table or an index of the database. */
export type Relation = {
  name: string;
  isIndex: boolean;
  rows: number;
  bytes: number;
  /** Levels of an index above its leaves. */
  depth: number | undefined;
};

/** What was measured at one size. */
export type Size = {
  users: number;
  relations: readonly Relation[];
  plans: readonly { what: string; steps: readonly string[] }[];
  /** Users created per second, a transaction each. */
  writes: number;
  /** Bytes of the log of the database for each. */
  walPerWrite: number;
};

export type Surroundings = { machine: string; database: string; tenants: number; when: string };

const targetUsers = 100_000_000;
const targetTenants = 100_000;
const gibibyte = 2 ** 30;
/** Memory of a database server, in GiB. */
const memories = [64, 256, 1024];
/** A transaction number is 32 bits; half of them can be in use. */
const transactionNumbers = 2 ** 31;

const sizeText = (bytes: number): string =>
  bytes >= gibibyte ? `${show(bytes / gibibyte)} GiB` : `${show(bytes / 2 ** 20)} MiB`;
const millions = (count: number): string =>
  count >= 1e6 ? `${show(count / 1e6)} million` : String(Math.round(count));

/** How a relation grows: bytes and rows for each user more, by the two largest sizes. */
function growthOf(name: string, sizes: readonly Size[]) {
  const [small, large] = sizes.slice(-2) as [Size, Size];
  const at = (size: Size): Relation | undefined => size.relations.find((each) => each.name === name);
  const users = large.users - small.users;
  const per = (pick: (relation: Relation) => number): number => {
    const [from, to] = [at(small), at(large)];
    return ((to === undefined ? 0 : pick(to)) - (from === undefined ? 0 : pick(from))) / users;
  };
  return { bytes: per(({ bytes }) => bytes), rows: per(({ rows }) => rows) };
}

/** Levels above the leaves of an index of so many pages, when a page of a level stands for `fanOut` of the next. */
const depthFor = (pages: number, fanOut: number): number =>
  Math.max(0, Math.ceil(Math.log(pages) / Math.log(fanOut)));

const pageBytes = 8192;

/**
 * For how many pages of an index a page of the level above stands at least: by its measured depth, and by the entries of a page,
 * which are no longer above the leaves than there.
 */
function fanOutOf({ bytes, depth = 0 }: Relation, growth: { bytes: number; rows: number }): number {
  const byDepth = depth === 0 ? 0 : (bytes / pageBytes) ** (1 / depth);
  return Math.max(byDepth, pageBytes / (growth.bytes / growth.rows));
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Writes the report: figures of each size, then what follows for the target. */
export function describeScale(sizes: readonly Size[], surroundings: Surroundings): string {
  const last = sizes.at(-1) as Size;
  const grown = last.relations
    .map((relation) => ({ ...relation, growth: growthOf(relation.name, sizes) }))
    .filter(({ growth }) => growth.bytes > 1);
  const perUser = grown.reduce((sum, { growth }) => sum + growth.bytes, 0);
  const indexPerUser = grown
    .filter(({ isIndex }) => isIndex)
    .reduce((sum, { growth }) => sum + growth.bytes, 0);
  const totals = sizes.map(({ relations }) => relations.reduce((sum, { bytes }) => sum + bytes, 0));
  const largest = grown.filter(({ isIndex }) => isIndex).sort((a, b) => b.growth.bytes - a.growth.bytes)[0];
  const limits = memories.map((memory) => ({ memory, users: (memory * gibibyte) / indexPerUser }));
  const [first] = limits as [(typeof limits)[number]];
  const shards = Math.ceil((indexPerUser * targetUsers) / (first.memory * gibibyte));
  const loadDays = targetUsers / last.writes / 86_400;
  return `# How far it goes on PostgreSQL

Made by \`npm run bench:scale\` on ${surroundings.when}: the figures are measured at ${sizes.map(({ users }) => users).join(', ')} users in
${surroundings.tenants} tenants, the rest is computed from them. ${surroundings.machine}; ${surroundings.database}.
The users are those of the benchmark, 1.4 KB of JSON each, in no groups; other data scales by its own rows.

## Measured

${table(
  ['users', 'bytes in all', 'bytes per user', 'users created per second', 'log per user created'],
  sizes.map(({ users, writes, walPerWrite }, place) => [
    String(users),
    sizeText(totals[place] as number),
    show((totals[place] as number) / users),
    show(writes),
    `${show(walPerWrite / 1024)} KiB`,
  ]),
)}

Users are created one in a transaction, 16 at a time, by one process that shares the machine with the database. The log is that of the first
seconds after a checkpoint, when each page that is changed goes into it as a whole: the most that it can be.

${table(
  [
    'relation',
    ...sizes.map(({ users }) => `at ${users}`),
    'levels above the leaves',
    'rows per user',
    'bytes per user',
  ],
  grown.map(({ name, growth }) => [
    name,
    ...sizes.map(({ relations }) => sizeText(relations.find((each) => each.name === name)?.bytes ?? 0)),
    sizes.map(({ relations }) => relations.find((each) => each.name === name)?.depth ?? '–').join(', '),
    show(growth.rows),
    show(growth.bytes),
  ]),
)}

The plans, one step a line, as \`alias index (columns it is entered by)\`${
    sizes.every((size) => JSON.stringify(size.plans) === JSON.stringify(last.plans))
      ? '; they are the same at all sizes'
      : `; of ${last.users} users`
  }:

${last.plans.map(({ what, steps }) => `- ${what}: ${steps.map((step) => `\`${step}\``).join(', ')}`).join('\n')}

## Computed for ${millions(targetTenants)} tenants and ${millions(targetUsers)} users

${table(
  ['relation', 'rows', 'bytes', 'levels above the leaves'],
  grown.map((relation) => [
    relation.name,
    millions(relation.growth.rows * targetUsers),
    sizeText(relation.growth.bytes * targetUsers),
    relation.isIndex
      ? String(
          depthFor((relation.growth.bytes * targetUsers) / pageBytes, fanOutOf(relation, relation.growth)),
        )
      : '–',
  ]),
)}

- In all ${sizeText(perUser * targetUsers)}, of which ${sizeText(indexPerUser * targetUsers)} are indexes: ${show(perUser)} bytes a user, ${show(indexPerUser)} of them in indexes.
- Every step of the plans enters an index by the tenant, so that what a request reads grows with the levels of the index and not with the
  rows of others: by a page or two for each index from ${last.users} users to ${millions(targetUsers)}. A tenant of the average size has ${millions(targetUsers / targetTenants)} users.
- One process on this machine creates ${show(last.writes)} users a second; that is the rate of a shard of this kind. At that rate a single
  one takes ${show(loadDays)} days for all of them, and ${shards} of them ${show(loadDays / shards)}.
- At that rate the log grows by at most ${sizeText(last.writes * last.walPerWrite)} a second, which a standby has to take over.

## Where it breaks first

${
  largest === undefined
    ? ''
    : `The largest index is \`${largest.name}\`, ${show(largest.growth.bytes)} bytes a user. A new user writes ${show(largest.growth.rows)} entries into it, which lie far apart; as long as
the indexes are in memory, that costs processor time, and beyond it a read of the disk for nearly each of them. That comes first:`
}

${table(
  ['memory for the database', 'indexes fill it at', 'tenants of the average size', 'shards for all users'],
  limits.map(({ memory, users }) => [
    `${memory} GiB`,
    `${millions(users)} users`,
    millions((users * targetTenants) / targetUsers),
    String(Math.ceil((indexPerUser * targetUsers) / (memory * gibibyte))),
  ]),
)}

- Before that a single server is enough, and more processes of Roster share it. Beyond it the tables are spread by tenant (Citus): ${shards} shards
  with ${first.memory} GiB each hold all of them. All statements of a request are about one tenant, so that each runs on one shard.
- What no shard takes away is the largest tenant: it is in one of them. With ${first.memory} GiB it has at most ${millions(first.users)} users before its lookups
  read from the disk.
- Transaction numbers: each write takes one. At ${show(last.writes)} a second ${show(transactionNumbers / last.writes / 86_400)} days pass until half of them are used; autovacuum has to
  have gone over the largest table, ${millions((grown.find(({ isIndex }) => !isIndex)?.growth.rows ?? 0) * targetUsers)} rows on one server, by then.
- Connections: each process takes up to 10. PostgreSQL's default of 100 is reached with ten processes; a pooler in transaction mode goes beyond.
`;
}
