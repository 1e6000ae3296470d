import { type Experiment, type Outcome, randomBelow, sideBySide, slowest } from './experiment.ts';
import { bulkOf, groupNamed, patchOf, userNamed } from './messages.ts';
import { insist, isAcknowledged, type ServerProcess } from './server-process.ts';
import { onTwoServers } from './two-servers.ts';

const CLIENTS = 100;

/** Clients of two servers add a user each to one group, again and again; then they add and remove by chance. */
export const MANY_MEMBERS: Experiment = {
  name: 'one group changed by 100 clients at once',
  databases: ['sqlite', 'postgres'],
  rounds: 50,
  fewRounds: 2,
  run: (rounds, database) =>
    onTwoServers(database, async (outcome, server) => {
      const ids = await makeUsers(outcome, server(0), CLIENTS * rounds);
      const group = await server(1).send('POST', '/Groups', groupNamed('everybody'));
      const path = `/Groups/${group?.json.id}`;
      const tookMs: number[] = [];
      const model = new Set<string>();

      async function change(client: number, id: string): Promise<void> {
        const operation = model.has(id)
          ? { op: 'remove', path: `members[value eq "${id}"]` }
          : { op: 'add', path: 'members', value: [{ value: id }] };
        const started = performance.now();
        const to = server(client + randomBelow(2));
        const answer = await insist(outcome, to, 'PATCH', path, patchOf(operation));
        tookMs.push(performance.now() - started);
        if (!isAcknowledged(outcome, answer, `PATCH ${operation.op} of a member`)) return;
        if (!model.delete(id)) model.add(id);
      }

      const ofClient = (client: number): readonly string[] =>
        ids.slice(client * rounds, (client + 1) * rounds);
      await sideBySide(CLIENTS, async (client) => {
        for (const id of ofClient(client)) await change(client, id);
      });
      if (model.size !== ids.length) outcome.lost.push(`${model.size} members of ${ids.length}`);
      const shown = await insist(outcome, server(0), 'GET', path);
      if (shown?.json.members?.length !== model.size)
        outcome.lost.push(`${shown?.json.members?.length} members are shown of ${model.size}`);
      await sideBySide(CLIENTS, async (client) => {
        const own = ofClient(client);
        for (let turn = 0; turn < rounds; turn++)
          await change(client, own[randomBelow(own.length)] as string);
      });
      outcome.rounds = rounds;
      outcome.figures.push(slowest('PATCH', tookMs));
      return ({ members }) => {
        const stored = [...members].filter((edge) => edge.startsWith(`${group?.json.id} `));
        if (stored.length !== model.size) outcome.lost.push(`${stored.length} members, not ${model.size}`);
        for (const id of model)
          if (!members.has(`${group?.json.id} ${id}`)) outcome.lost.push(`${id} is no member`);
      };
    }),
};

/** The most operations that one request may have. */
const BULK_SIZE = 1000;

async function makeUsers(outcome: Outcome, server: ServerProcess, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const operations = Array.from({ length: Math.min(BULK_SIZE, count - ids.length) }, (_, number) => ({
      ...{ method: 'POST', path: '/Users', bulkId: `b${number}` },
      data: userNamed(`member-${ids.length + number}`),
    }));
    const answer = await server.send('POST', '/Bulk', bulkOf(operations));
    if (!isAcknowledged(outcome, answer, 'POST /Bulk')) throw new Error('users could not be made');
    for (const { location } of answer.json.Operations) ids.push(location.split('/').at(-1));
  }
  return ids;
}
