import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Experiment, newOutcome, type Outcome, randomBelow, sideBySide, slowest } from './experiment.ts';
import { patchOf, userNamed } from './messages.ts';
import { createInstallation, type Installation, type ServerProcess } from './server-process.ts';

/** Clients that try passwords, each time from another address: together 100 times per second. */
const GUESSERS = 50;
const GUESS_PAUSE_MS = 500;

/** Clients of SCIM, and the pause of each between two requests: about 200 requests per second. */
const CLIENTS = 10;
const PAUSE_MS = 50;

const WINDOW_MS = 10_000;

const EMAIL = 'jo@example.com';
const PASSWORD = 'violet otter harbour 42';

interface Reply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly cookies: readonly string[];
}

/** Many sign in to the console at the same time, nearly all of them with wrong passwords. */
export const MANY_SIGN_INS: Experiment = {
  name: 'many try passwords of operators',
  databases: ['sqlite', 'postgres'],
  rounds: 3,
  fewRounds: 1,
  async run(rounds, database) {
    const outcome = newOutcome();
    const installation = await createInstallation(database);
    const agent = new Agent({ keepAlive: true, maxSockets: 100 });
    const quietMs: number[] = [];
    const busyMs: number[] = [];
    const ownMs: number[] = [];
    const statuses = new Map<number, number>();
    try {
      const server = await installation.start({ ROSTER_TRUST_PROXY: 'on' });
      const post = (path: string, body: object, headers: Record<string, string> = {}) =>
        postJson(agent, server.port, path, body, headers);
      const device = await chooseOwnPassword(installation, post);
      const users = await sideBySide(CLIENTS, async (number) => {
        return (await server.send('POST', '/Users', userNamed(`user-${number}`)))?.json.id as string;
      });
      // how long a window is in tests, which make one round, is no matter
      const windowMs = rounds === 1 ? WINDOW_MS / 4 : WINDOW_MS;
      for (; outcome.rounds < rounds; outcome.rounds++) {
        await useScim(server, users, endAfter(windowMs), outcome, quietMs);
        const isOver = endAfter(windowMs);
        await Promise.all([
          useScim(server, users, isOver, outcome, busyMs),
          signInAgain(post, device, isOver, outcome, ownMs),
          sideBySide(GUESSERS, async () => {
            while (!isOver()) {
              await sleep(GUESS_PAUSE_MS);
              const email = randomBelow(2) === 0 ? EMAIL : `nobody-${randomBelow(1000)}@example.com`;
              const address = [203, 0, randomBelow(256), randomBelow(256)].join('.');
              const guess = { email, password: 'violet otter harbour 43' };
              const { status, retryAfter } = await post('/session', guess, { 'x-forwarded-for': address });
              statuses.set(status, (statuses.get(status) ?? 0) + 1);
              const isExpected = status === 401 || (status === 429 && retryAfter !== undefined);
              if (!isExpected) outcome.badAnswers.push(`sign-in: ${status}`);
            }
          }),
        ]);
      }
      const told = [...statuses].map(([status, count]) => `${count} times ${status}`).join(', ');
      outcome.figures.push(slowest('SCIM without them', quietMs), slowest('with them', busyMs));
      outcome.figures.push(slowest('the operator on a known device', ownMs), told);
      outcome.halfDone.push(...(await installation.read()).problems);
    } finally {
      agent.destroy();
      await installation.close();
    }
    return outcome;
  },
};

type Post = (path: string, body: object, headers?: Record<string, string>) => Promise<Reply>;

function endAfter(milliseconds: number): () => boolean {
  const end = performance.now() + milliseconds;
  return () => performance.now() > end;
}

/** @returns the cookie of a device that the operator has signed in on */
async function chooseOwnPassword({ roster, settings }: Installation, post: Post): Promise<string> {
  const { json } = await roster.run(['operator', 'create', EMAIL, '--json'], { ...settings });
  const code = json.url.split('#')[1];
  const { status, cookies } = await post('/links/accept', { code, password: PASSWORD });
  if (status !== 200) throw new Error(`the link of an invitation: ${status}`);
  return cookies.find((line) => line.startsWith('__Host-roster-device='))?.split(';')[0] ?? '';
}

async function useScim(
  server: ServerProcess,
  users: readonly string[],
  isOver: () => boolean,
  outcome: Outcome,
  tookMs: number[],
): Promise<void> {
  await sideBySide(CLIENTS, async (client) => {
    for (let turn = 0; !isOver(); turn++) {
      await sleep(PAUSE_MS);
      const path = `/Users/${users[client]}`;
      const title = patchOf({ op: 'replace', path: 'title', value: `${outcome.rounds}-${turn}` });
      const isWrite = turn % 10 === 0;
      const started = performance.now();
      const answer = isWrite ? await server.send('PATCH', path, title) : await server.send('GET', path);
      tookMs.push(performance.now() - started);
      if (answer?.status !== 200) outcome.badAnswers.push(`SCIM: ${answer?.status}`);
      else if (isWrite) outcome.acknowledged += 1;
    }
  });
}

/** The operator, whom nobody may keep out. */
async function signInAgain(
  post: Post,
  device: string,
  isOver: () => boolean,
  outcome: Outcome,
  tookMs: number[],
): Promise<void> {
  while (!isOver()) {
    await sleep(500);
    const started = performance.now();
    const { status } = await post('/session', { email: EMAIL, password: PASSWORD }, { cookie: device });
    tookMs.push(performance.now() - started);
    if (status !== 200) outcome.badAnswers.push(`the operator on a known device: ${status}`);
  }
}

function postJson(
  agent: Agent,
  port: number,
  path: string,
  body: object,
  headers: Record<string, string>,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ agent, port, host: '127.0.0.1', method: 'POST', path: `/api/v1${path}` },
        headers: { 'content-type': 'application/json', 'x-roster-request': '1', ...headers },
      },
      (answer) => {
        const { statusCode = 0, headers: given } = answer;
        const reply = {
          status: statusCode,
          retryAfter: given['retry-after'],
          cookies: given['set-cookie'] ?? [],
        };
        answer.resume().on('end', () => resolve(reply));
      },
    );
    sent.on('error', reject).end(JSON.stringify(body));
  });
}
