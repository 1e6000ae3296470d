import { setTimeout as sleep } from 'node:timers/promises';
import { type Outcome, randomBelow, sideBySide } from './experiment.ts';
import { groupNamed, patchOf, userNamed, versionIn } from './messages.ts';
import { type Answer, ASK_AGAIN_MS, isAcknowledged, type ServerProcess } from './server-process.ts';
import type { StoreContents } from './store-check.ts';

/** What a user was made to be: a number is its version, undefined that there is none. */
interface UserState {
  readonly version: number | undefined;
  readonly title: string;
  readonly isMember: boolean;
}

interface KnownUser {
  readonly name: string;
  id: string | undefined;
  /** What was acknowledged last. */
  state: UserState;
  /** What a request without an answer may have made of it. */
  unanswered: UserState | undefined;
  /** The time of the last change that was seen in the store. */
  lastModified: string;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly after: UserState;
}

/** Writers that note every acknowledgement; each changes users of its own, and all the members of one group. */
export interface Load {
  /** Lets all writers send one request after the other until they are told to stop or lose the connection. */
  run(server: ServerProcess, isOver: () => boolean): Promise<void>;
  /** Holds what was acknowledged against the store, and takes over what is there as known. */
  check(contents: StoreContents): void;
}

const ABSENT: UserState = { version: undefined, title: '', isMember: false };

/** Users that a writer keeps before it rather changes and deletes than creates. */
const KEPT_USERS = 12;

/**
 * When writers send a request again until it is done, as clients do: after a 503, or when it was not answered at all, too. What
 * gets a 503 may have happened then, and must not happen twice.
 */
export type Again = 'never' | 'after 503' | 'always';

/** @param excused statuses that the fault may bring; a write that gets one must not have happened */
export function createLoad(
  outcome: Outcome,
  writers: number,
  excused: readonly number[],
  again: Again = 'never',
): Load {
  const users = Array.from({ length: writers }, (): KnownUser[] => []);
  let groupId: string | undefined;
  let groupVersion = 0;
  let titles = 0;

  async function ensureGroup(server: ServerProcess): Promise<void> {
    while (groupId === undefined) {
      const answer = await server.send('POST', '/Groups', groupNamed('everybody'));
      if (answer === undefined) return;
      if (isAcknowledged(outcome, answer, 'POST /Groups', again === 'never' ? excused : [503]))
        groupId = answer.json.id;
    }
  }

  function nextRequest(user: KnownUser): Request {
    const { version = 0, title, isMember } = user.state;
    const path = `/Users/${user.id}`;
    const group = `/Groups/${groupId}?excludedAttributes=members`;
    const next = `title ${++titles}`;
    const changed: UserState = { version: version + 1, title: next, isMember };
    switch (randomBelow(5)) {
      case 0:
        return { method: 'PUT', path, body: userNamed(user.name, { title: next }), after: changed };
      case 1:
        return { method: 'DELETE', path, after: ABSENT };
      case 2: {
        const operation = isMember
          ? { op: 'remove', path: `members[value eq "${user.id}"]` }
          : { op: 'add', path: 'members', value: [{ value: user.id }] };
        const after = { version, title, isMember: !isMember };
        return { method: 'PATCH', path: group, body: patchOf(operation), after };
      }
      default: {
        const body = patchOf({ op: 'replace', path: 'title', value: next });
        return { method: 'PATCH', path, body, after: changed };
      }
    }
  }

  function newUser(writer: number): [KnownUser, Request] {
    const name = `writer-${writer}-${users[writer]?.length}`;
    const user = { name, id: undefined, state: ABSENT, unanswered: undefined, lastModified: '' };
    users[writer]?.push(user);
    const after = { version: 1, title: 'new', isMember: false };
    return [user, { method: 'POST', path: '/Users', body: userNamed(name, { title: 'new' }), after }];
  }

  function note(user: KnownUser, { method, path, after }: Request, answer: Answer | undefined): void {
    if (answer === undefined) user.unanswered = after;
    if (!isAcknowledged(outcome, answer, `${method} ${path}`, excused)) return;
    user.state = after;
    if (method === 'POST') user.id = answer.json.id;
    const version = versionIn(answer.etag);
    if (path.startsWith('/Groups')) groupVersion = Math.max(groupVersion, version);
    else if (after.version !== undefined && version !== after.version)
      outcome.badAnswers.push(`${method} ${user.name}: version ${version}, not ${after.version}`);
  }

  const sendOnce = (server: ServerProcess, { method, path, body }: Request): Promise<Answer | undefined> =>
    server.send(method, path, body);

  async function insist(
    server: ServerProcess,
    user: KnownUser,
    request: Request,
  ): Promise<Answer | undefined> {
    for (let isFirst = true; ; isFirst = false) {
      const answer = await sendOnce(server, request);
      if (answer === undefined && again !== 'always') return undefined;
      if (answer === undefined || answer.status === 503) {
        outcome.refused += 1;
        await sleep(ASK_AGAIN_MS);
        continue;
      }
      // an earlier one may have done it after all
      if (isFirst) return answer;
      if (request.method === 'DELETE' && answer.status === 404) return { ...answer, status: 204 };
      if (request.method !== 'POST' || answer.status !== 409) return answer;
      const filter = encodeURIComponent(`userName eq "${user.name}"`);
      const found = await server.send('GET', `/Users?filter=${filter}`);
      const [made] = found?.status === 200 ? found.json.Resources : [];
      if (made !== undefined) return { ...answer, status: 201, etag: made.meta.version, json: made };
    }
  }

  async function write(server: ServerProcess, writer: number, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const live = users[writer]?.filter(({ id, state }) => id !== undefined && state !== ABSENT) ?? [];
      const chosen = randomBelow(KEPT_USERS) >= live.length ? undefined : live[randomBelow(live.length)];
      const [user, request] = chosen === undefined ? newUser(writer) : [chosen, nextRequest(chosen)];
      const answer = await (again === 'never' ? sendOnce(server, request) : insist(server, user, request));
      note(user, request, answer);
      if (answer === undefined) return;
    }
  }

  return {
    async run(server, isOver) {
      await ensureGroup(server);
      if (groupId !== undefined) await sideBySide(writers, (writer) => write(server, writer, isOver));
    },

    check(contents) {
      outcome.halfDone.push(...contents.problems);
      if (groupId !== undefined && (contents.byId.get(groupId)?.version ?? 0) < groupVersion)
        outcome.lost.push(`the group is not at version ${groupVersion}`);
      for (const user of users.flat()) {
        const row = contents.byName.get(`User ${user.name.toLowerCase()}`);
        const isMember = contents.members.has(`${groupId} ${row?.id}`);
        const stored: UserState =
          row === undefined ? ABSENT : { version: row.version, title: row.doc.title, isMember };
        const isKnown = [user.state, user.unanswered].some(
          (state) => state !== undefined && JSON.stringify(state) === JSON.stringify(stored),
        );
        if (!isKnown) outcome.lost.push(`${user.name} is ${told(stored)}, not ${told(user.state)}`);
        if (row !== undefined && row.lastModified < user.lastModified)
          outcome.lost.push(`${user.name} was changed at ${row.lastModified}, before ${user.lastModified}`);
        const { id = user.id, lastModified = user.lastModified } = row ?? {};
        Object.assign(user, { state: row === undefined ? ABSENT : stored, unanswered: undefined });
        Object.assign(user, { id, lastModified });
      }
    },
  };
}

const told = (state: UserState): string => (state.version === undefined ? 'absent' : JSON.stringify(state));
