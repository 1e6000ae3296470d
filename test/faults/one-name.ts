import { type Experiment, type Outcome, sideBySide } from './experiment.ts';
import { patchOf, userNamed } from './messages.ts';
import { type Answer, insist, isAcknowledged } from './server-process.ts';
import { onTwoServers } from './two-servers.ts';

const CLIENTS = 50;

/** One name in the letters that clients may write it in. */
const spellings = (name: string): readonly string[] => [
  `${name}-é`,
  `${name.toUpperCase()}-É`,
  `${name}-e\u0301`,
];

/** Of requests that all want the same name one is carried out, and the others are told why not. */
function checkWinner(
  outcome: Outcome,
  what: string,
  answers: readonly (Answer | undefined)[],
  wasRefused: boolean,
): void {
  const made = answers.filter((answer) => isAcknowledged(outcome, answer, what, [409]));
  // of one that was refused and sent again the first may have been carried out; the store tells
  if (made.length !== 1 && !(made.length === 0 && wasRefused))
    outcome.halfDone.push(`${what}: ${made.length} were carried out`);
  for (const answer of answers)
    if (answer?.status === 409 && answer.json.scimType !== 'uniqueness')
      outcome.badAnswers.push(`${what}: 409 ${answer.json.scimType}`);
}

/** Clients of two servers create users of one name, and rename their users to one name, at once and in other letters. */
export const ONE_NAME: Experiment = {
  name: 'one name wanted by 50 clients at once',
  databases: ['sqlite', 'postgres'],
  rounds: 500,
  fewRounds: 2,
  run: (rounds, database) =>
    onTwoServers(database, async (outcome, server) => {
      const users = await sideBySide(CLIENTS, (client) =>
        insist(outcome, server(client), 'POST', '/Users', userNamed(`namesake-${client}`)),
      );
      for (; outcome.rounds < rounds; outcome.rounds++) {
        const [twin, taken] = [`twin-${outcome.rounds}`, `taken-${outcome.rounds}`].map(spellings) as [
          readonly string[],
          readonly string[],
        ];
        const { refused } = outcome;
        const posted = await sideBySide(CLIENTS, (client) =>
          insist(outcome, server(client), 'POST', '/Users', userNamed(twin[client % twin.length] as string)),
        );
        checkWinner(outcome, `POST ${twin[0]}`, posted, outcome.refused > refused);
        const renamed = await sideBySide(CLIENTS, (client) => {
          const value = taken[client % taken.length];
          const body = patchOf({ op: 'replace', path: 'userName', value });
          return insist(outcome, server(client), 'PATCH', `/Users/${users[client]?.json.id}`, body);
        });
        checkWinner(outcome, `PATCH to ${taken[0]}`, renamed, false);
      }
      return ({ byId }) => {
        const names = [...byId.values()]
          .filter(({ type }) => type === 'User')
          .map(({ doc }) => doc.userName.normalize('NFC').toLowerCase());
        for (let round = 0; round < rounds; round++) {
          const count = names.filter((name) => name === `twin-${round}-é`).length;
          if (count !== 1) outcome.lost.push(`${count} users are named twin-${round}-é`);
        }
        // everybody has been renamed away from the names before, but for those who never won
        if (names.length !== 1 + CLIENTS + rounds) outcome.lost.push(`${names.length} users in all`);
      };
    }),
};
