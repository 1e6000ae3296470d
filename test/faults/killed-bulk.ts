import { type Experiment, newOutcome, type Outcome, randomBelow } from './experiment.ts';
import { bulkOf, groupNamed, userNamed } from './messages.ts';
import { type Answer, createInstallation, type ServerProcess } from './server-process.ts';
import type { StoreContents } from './store-check.ts';

const BLOCKS = 50;

/** Values of failOnErrors; 0 is no limit. */
const LIMITS = [0, 1, 10, 50];

/** Ten operations: seven users, one that is refused, and two groups in each other, which are made together or not at all. */
function block(round: number, number: number): object[] {
  const name = `${round}-${number}`;
  const users = Array.from({ length: 7 }, (_, index) => ({
    ...{ method: 'POST', path: '/Users', bulkId: `u${name}-${index}` },
    data: userNamed(`user-${name}-${index}`),
  }));
  const groups = ['a', 'b'].map((letter) => {
    const members = [`g${name}-${letter === 'a' ? 'b' : 'a'}`, `u${name}-0`];
    return {
      ...{ method: 'POST', path: '/Groups', bulkId: `g${name}-${letter}` },
      data: groupNamed(`group-${name}-${letter}`, {
        members: members.map((bulkId) => ({ value: `bulkId:${bulkId}` })),
      }),
    };
  });
  const taken = { method: 'POST', path: '/Users', bulkId: `x${name}`, data: userNamed(`user-${name}-0`) };
  return [...users, taken, ...groups];
}

interface Sent {
  readonly round: number;
  readonly failOnErrors: number;
  readonly answer: Answer | undefined;
}

async function sendBulk(server: ServerProcess, round: number, failOnErrors: number): Promise<Sent> {
  const operations = Array.from({ length: BLOCKS }, (_, number) => block(round, number)).flat();
  const answer = await server.send('POST', '/Bulk', bulkOf(operations, { failOnErrors }));
  return { round, failOnErrors, answer };
}

function check(outcome: Outcome, contents: StoreContents, { round, failOnErrors, answer }: Sent): void {
  outcome.halfDone.push(...contents.problems);
  for (let number = 0; number < BLOCKS; number++) {
    const name = `${round}-${number}`;
    const [a, b] = ['a', 'b'].map((letter) => contents.byName.get(`Group group-${name}-${letter}`)?.id);
    const user = contents.byName.get(`User user-${name}-0`)?.id;
    const edges = [`${a} ${b}`, `${b} ${a}`, `${a} ${user}`, `${b} ${user}`];
    const isWhole = edges.every((edge) => contents.members.has(edge));
    if ((a !== undefined || b !== undefined) && !isWhole) outcome.halfDone.push(`groups ${name} are in part`);
  }
  if (answer === undefined) return;
  if (answer.status !== 200) {
    outcome.badAnswers.push(`POST /Bulk: ${answer.status} ${answer.json?.detail}`);
    return;
  }
  let errors = 0;
  for (const { status, location, bulkId } of answer.json.Operations) {
    if (status === '201') {
      outcome.acknowledged += 1;
      if (!contents.byId.has(location.split('/').at(-1))) outcome.lost.push(`${bulkId} is not there`);
    } else {
      errors += 1;
      if (!bulkId.startsWith('x') || status !== '409') outcome.badAnswers.push(`${bulkId}: ${status}`);
    }
  }
  const expected = failOnErrors || BLOCKS;
  if (errors !== expected) outcome.badAnswers.push(`${errors} errors where there are ${expected}`);
}

/** The server is killed at a random moment of a Bulk request of 500 operations, of which 50 are refused. */
export const KILLED_BULK: Experiment = {
  name: 'kill -9 in Bulk',
  rounds: 50,
  databases: ['sqlite', 'postgres'],
  fewRounds: 1,
  async run(rounds, database) {
    const outcome = newOutcome();
    const installation = await createInstallation(database);
    try {
      let server = await installation.start();
      // one that is not disturbed says how long it takes, and that its answer is right
      const started = performance.now();
      const whole = await sendBulk(server, -1, 0);
      const takesMs = performance.now() - started;
      check(outcome, await installation.read(), whole);
      for (; outcome.rounds < rounds; outcome.rounds++) {
        const sent = sendBulk(server, outcome.rounds, LIMITS[outcome.rounds % LIMITS.length] ?? 0);
        await new Promise((resolve) => setTimeout(resolve, randomBelow(takesMs * 1.2)));
        await server.end('SIGKILL');
        server = await installation.start();
        outcome.recoveryMs.push(server.readyMs);
        check(outcome, await installation.read(), await sent);
      }
    } finally {
      await installation.close();
    }
    return outcome;
  },
};
