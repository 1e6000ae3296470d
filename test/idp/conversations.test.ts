import { once } from 'node:events';
import { type IncomingMessage, request as openRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import type { Dialect } from '../../src/core/tolerance.ts';
import { startServer, type TestServer } from '../support/server.ts';
import type { Conversation, Step } from './conversation.ts';
import { CONVERSATIONS } from './conversations.ts';

/** Puts kept ids where a fixture has their names. */
const withIds = <T>(value: T, ids: ReadonlyMap<string, string>): T =>
  JSON.parse(JSON.stringify(value).replace(/\{([a-z]+)\}/g, (_, name: string) => idOf(ids, name)));

function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`No answer gave an id for {${name}}`);
  return id;
}

/** Sends a request over a socket, since a client made of URL objects would change `?` and `+` on the way. */
async function send(port: number, authorization: string, { headers, contentType }: Conversation, step: Step) {
  const payload = step.body && JSON.stringify(step.body);
  const outgoing = openRequest({
    host: '127.0.0.1',
    port,
    method: step.method,
    path: `/scim/v2${step.path}`,
    headers: {
      authorization,
      ...headers,
      ...(payload !== undefined && { 'Content-Type': contentType }),
      ...step.headers,
    },
  });
  const arrived = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  outgoing.end(payload);
  const [answer] = await arrived;
  return { status: answer.statusCode, headers: answer.headers, text: await text(answer) };
}

/** The next line of the request log; it may be written after the answer has arrived. */
async function lineAt(server: TestServer, index: number) {
  return vi.waitFor(() => JSON.parse(server.logLines[index] as string));
}

async function replay(conversation: Conversation, dialect: Dialect): Promise<void> {
  const server = await startServer();
  try {
    await replayOn(server, conversation, dialect);
  } finally {
    await server.close();
  }
}

async function replayOn(server: TestServer, conversation: Conversation, dialect: Dialect): Promise<void> {
  const { authorization } = await server.connect({ ...conversation.integration, dialect });
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.app.server.address() as AddressInfo;
  const ids = new Map<string, string>();
  const first = server.logLines.length;
  for (const [index, written] of conversation.steps.entries()) {
    const step = withIds(written, ids);
    const answer = await send(port, authorization, conversation, step);
    const json = answer.text === '' ? undefined : JSON.parse(answer.text);
    const said = `${step.what}: ${answer.text}`;
    expect(answer.status, said).toBe(step.answer.status);
    if (step.answer.body !== undefined) expect(json, said).toMatchObject(step.answer.body);
    for (const name of step.answer.without ?? []) expect(answer.text, said).not.toContain(`"${name}"`);
    if (answer.status === 201) expect(answer.headers.location, said).toBe(json.meta.location);
    if (step.keep !== undefined) ids.set(step.keep, json.id ?? json.Resources[0].id);
    const { tolerances = [] } = await lineAt(server, first + index);
    expect([...tolerances].sort(), said).toEqual([...(step.tolerances ?? [])].sort());
  }
  const { request } = await server.connect();
  const users = await request('GET', '/Users');
  const groups = await request('GET', '/Groups');
  expect(users.json.Resources, users.text).toMatchObject(withIds(conversation.left.users, ids));
  expect(groups.json.Resources, groups.text).toMatchObject(withIds(conversation.left.groups, ids));
}

const titled = (conversations: readonly Conversation[]) =>
  conversations.map((conversation) => [conversation.provider, conversation] as const);

describe('what providers send, from the connection test to the last deletion', () => {
  it.each(titled(CONVERSATIONS))('%s', (_, conversation) => replay(conversation, 'standard'));

  it.each(
    titled(CONVERSATIONS.filter(({ steps }) => steps.every(({ tolerances }) => tolerances === undefined))),
  )('%s, which needs no tolerance, in the strict dialect', (_, conversation) =>
    replay(conversation, 'strict'),
  );
});
