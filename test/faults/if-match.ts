import { type Experiment, type Outcome, sideBySide } from './experiment.ts';
import { groupNamed, patchOf, userNamed, versionIn } from './messages.ts';
import { insist, isAcknowledged, type ServerProcess } from './server-process.ts';
import { onTwoServers } from './two-servers.ts';

const CLIENTS = 20;

/**
 * A user who is deleted while others change it and add it to a group is gone afterwards, and leaves no membership behind;
 * the check of the store tells.
 */
async function leave(outcome: Outcome, servers: readonly ServerProcess[], group: string, name: string) {
  const [one, other] = servers as [ServerProcess, ServerProcess];
  const user = await insist(outcome, one, 'POST', '/Users', userNamed(name));
  const path = `/Users/${user?.json.id}`;
  const title = patchOf({ op: 'replace', path: 'title', value: 'leaving' });
  const add = patchOf({ op: 'add', path: 'members', value: [{ value: user?.json.id }] });
  const { refused } = outcome;
  const [changed, added, gone] = await Promise.all([
    insist(outcome, one, 'PATCH', path, title),
    insist(outcome, one, 'PATCH', `/Groups/${group}`, add),
    insist(outcome, other, 'DELETE', path),
  ]);
  isAcknowledged(outcome, changed, 'PATCH of a user who is deleted', [404]);
  // a member that is not there is a mistake of the client
  isAcknowledged(outcome, added, 'PATCH add of a user who is deleted', [400, 404]);
  isAcknowledged(outcome, gone, 'DELETE of a user who is changed', outcome.refused > refused ? [404] : []);
  const after = await insist(outcome, one, 'GET', path);
  if (after?.status !== 404) outcome.lost.push(`${name} was deleted and is there: ${after?.status}`);
}

/** Clients of two servers read one user and write it back with If-Match; of those that have read the same, one succeeds. */
export const IF_MATCH: Experiment = {
  name: 'If-Match of 20 clients at once, deletions among changes',
  databases: ['sqlite', 'postgres'],
  rounds: 1000,
  fewRounds: 4,
  run: (rounds, database) =>
    onTwoServers(database, async (outcome, server) => {
      const body = userNamed('matched');
      const user = await server(0).send('POST', '/Users', body);
      const group = await server(1).send('POST', '/Groups', groupNamed('left'));
      const path = `/Users/${user?.json.id}`;
      let version = 1;
      let last = '';
      for (; outcome.rounds < rounds; outcome.rounds++) {
        let isKnown = true;
        const written = sideBySide(CLIENTS, async (client) => {
          const read = await insist(outcome, server(client), 'GET', path);
          if (read?.status !== 200) outcome.badAnswers.push(`GET: ${read?.status}`);
          const title = `${outcome.rounds}-${client}`;
          const match = { 'if-match': read?.etag ?? '' };
          const answer = await server(client + 1).send('PUT', path, { ...body, title }, match);
          if (answer?.status === 503) {
            outcome.refused += 1;
            isKnown = false;
          }
          if (!isAcknowledged(outcome, answer, 'PUT with If-Match', [412, 503])) return;
          const made = versionIn(answer.etag);
          if (made !== versionIn(read?.etag) + 1)
            outcome.lost.push(`a PUT on version ${read?.etag} made version ${made}`);
          if (made > version) last = title;
          version = Math.max(version, made);
          return made;
        });
        await leave(outcome, [server(0), server(1)], group?.json.id, `leaving-${outcome.rounds}`);
        const made = (await written).filter((each) => each !== undefined);
        if ((made.length === 0 && isKnown) || new Set(made).size !== made.length)
          outcome.lost.push(`versions ${made} were made in one round`);
        const now = await insist(outcome, server(outcome.rounds), 'GET', path);
        // what got a 503 may have been carried out
        if (!isKnown && versionIn(now?.etag) > version)
          [version, last] = [versionIn(now?.etag), now?.json.title];
        if (versionIn(now?.etag) !== version || now?.json.title !== last)
          outcome.lost.push(`version ${now?.etag} is not the last one, ${version}`);
      }
      return ({ byId }) => {
        const stored = byId.get(user?.json.id);
        if (stored?.version !== version || stored.doc.title !== last)
          outcome.lost.push(`version ${stored?.version} is stored, not ${version}`);
      };
    }),
};
