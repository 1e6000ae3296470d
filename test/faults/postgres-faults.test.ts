import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tryFewRounds } from './few-rounds.ts';
import { hasSharedPostgres } from './place.ts';
import { type AtCommit, createProxy } from './postgres-proxy.ts';

/** A message of the simple protocol. */
function query(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.from([0x51, 0, 0, 0, 0]);
  head.writeUInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

/** The first message of a connection has no tag. */
const STARTUP = Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]);

// a fault that is not made is survived by everybody
test.each<[AtCommit, number]>([
  ['pass', 2],
  ['cut before', 1],
  ['cut after', 2],
])('the proxy that cuts connections in COMMIT: %s', async (fate, arriving) => {
  const folder = mkdtempSync(join(tmpdir(), 'roster-test-'));
  const socket = join(folder, 'socket');
  const received: Buffer[] = [];
  const over = Promise.withResolvers<void>();
  const server = createServer((connection) => {
    connection.on('data', (chunk) => received.push(chunk as Buffer)).on('close', over.resolve);
  }).listen(socket);
  await once(server, 'listening');
  const proxy = await createProxy(socket);
  proxy.atCommit = () => fate;
  const [host, port] = proxy.address.split(':');
  const client = connect(Number(port), host).on('error', () => {});
  const messages = [query("INSERT INTO t VALUES ('COMMIT')"), query('COMMIT')];
  const sent = Buffer.concat([STARTUP, ...messages]);
  // the end of a message and the beginning of the next come together
  client.write(sent.subarray(0, 20));
  client.write(sent.subarray(20));
  if (fate === 'pass') client.end();
  else client.resume();
  await over.promise;
  expect(Buffer.concat(received)).toEqual(Buffer.concat([STARTUP, ...messages.slice(0, arriving)]));
  client.destroy();
  await proxy.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

if (hasSharedPostgres()) tryFewRounds('postgres');
