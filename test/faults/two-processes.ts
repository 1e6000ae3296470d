import { type Experiment, newOutcome, type Outcome, sideBySide } from './experiment.ts';
import { groupNamed, patchOf, userNamed, versionIn } from './messages.ts';
import { type Answer, createInstallation, isAcknowledged, type ServerProcess } from './server-process.ts';

type Pair = readonly [ServerProcess, ServerProcess];

const CLIENTS = 20;

/** Of identical POSTs to both, in other letters too, one is carried out. */
async function duplicates(outcome: Outcome, servers: Pair, round: number): Promise<void> {
  const names = [`Twin-${round}-é`, `twin-${round}-É`, `TWIN-${round}-e\u0301`];
  const answers = await sideBySide(CLIENTS, (client) =>
    servers[client % 2 === 0 ? 0 : 1].send('POST', '/Users', userNamed(names[client % 3] as string)),
  );
  const made = answers.filter((answer) => isAcknowledged(outcome, answer, 'POST of one name', [409]));
  if (made.length !== 1) outcome.halfDone.push(`${made.length} users of one name were made`);
}

/** Members that are added at once by both are all there. */
async function members(outcome: Outcome, servers: Pair, round: number): Promise<string[]> {
  const users = await sideBySide(CLIENTS, (client) =>
    servers[0].send('POST', '/Users', userNamed(`member-${round}-${client}`)),
  );
  const group = await servers[1].send('POST', '/Groups', groupNamed(`group-${round}`));
  const path = `/Groups/${group?.json.id}`;
  const answers = await sideBySide(CLIENTS, (client) => {
    const value = [{ value: users[client]?.json.id }];
    return servers[client % 2 === 0 ? 0 : 1].send(
      'PATCH',
      path,
      patchOf({ op: 'add', path: 'members', value }),
    );
  });
  const added = answers.filter((answer) => isAcknowledged(outcome, answer, 'PATCH add of a member'));
  const version = versionIn((await servers[0].send('GET', path))?.etag);
  if (version !== added.length + 1)
    outcome.lost.push(`version ${version} of a group after ${added.length} additions`);
  return users.map((user) => `${group?.json.id} ${user?.json.id}`);
}

/** Of PUTs with the same If-Match one is carried out. */
async function preconditions(outcome: Outcome, servers: Pair, round: number): Promise<void> {
  const body = userNamed(`matched-${round}`);
  const user = await servers[0].send('POST', '/Users', body);
  const path = `/Users/${user?.json.id}`;
  let version = 1;
  for (let turn = 0; turn < 5; turn++) {
    const match = { 'if-match': `W/"${version}"` };
    const answers = await sideBySide(CLIENTS, (client) =>
      servers[client % 2 === 0 ? 0 : 1].send('PUT', path, { ...body, title: `${turn}-${client}` }, match),
    );
    const won = answers.filter((answer) => isAcknowledged(outcome, answer, 'PUT with If-Match', [412]));
    const now = await servers[turn % 2 === 0 ? 1 : 0].send('GET', path);
    version = versionIn(now?.etag);
    if (won.length !== 1 || version !== turn + 2)
      outcome.lost.push(`version ${version} where ${won.length} PUTs had the same If-Match`);
    if ((won[0] as Answer | undefined)?.json.title !== now?.json.title)
      outcome.lost.push(`${path} is not what the winner has made it`);
  }
}

/** A user who is deleted by one while the other adds it to a group leaves no membership behind; the store check tells. */
async function ghosts(outcome: Outcome, servers: Pair, round: number): Promise<void> {
  const group = await servers[0].send('POST', '/Groups', groupNamed(`left-${round}`));
  await sideBySide(CLIENTS, async (client) => {
    const user = await servers[0].send('POST', '/Users', userNamed(`leaving-${round}-${client}`));
    const value = [{ value: user?.json.id }];
    const add = patchOf({ op: 'add', path: 'members', value });
    const [added, gone] = await Promise.all([
      servers[0].send('PATCH', `/Groups/${group?.json.id}`, add),
      servers[1].send('DELETE', `/Users/${user?.json.id}`),
    ]);
    // a member that is not there is a mistake of the client
    isAcknowledged(outcome, added, 'PATCH add of a user who is deleted', [400, 404]);
    isAcknowledged(outcome, gone, 'DELETE of a user who is added');
  });
}

/** Two servers on one database. */
export const TWO_PROCESSES: Experiment = {
  name: 'two processes, one database',
  rounds: 50,
  databases: ['sqlite', 'postgres'],
  fewRounds: 2,
  async run(rounds, database) {
    const outcome = newOutcome();
    const installation = await createInstallation(database);
    try {
      const servers = [await installation.start(), await installation.start()] as const;
      for (; outcome.rounds < rounds; outcome.rounds++) {
        const [edges] = await Promise.all([
          members(outcome, servers, outcome.rounds),
          duplicates(outcome, servers, outcome.rounds),
          preconditions(outcome, servers, outcome.rounds),
          ghosts(outcome, servers, outcome.rounds),
        ]);
        const contents = await installation.read();
        outcome.halfDone.push(...contents.problems);
        for (const edge of edges) if (!contents.members.has(edge)) outcome.lost.push(`no membership ${edge}`);
      }
    } finally {
      await installation.close();
    }
    return outcome;
  },
};
