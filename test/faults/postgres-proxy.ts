import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What becomes of a connection in which COMMIT is sent: it is cut before the server gets it, or before the answer comes back. */
export type AtCommit = 'pass' | 'cut before' | 'cut after';

/** Stands between Roster and a PostgreSQL server, so that connections can be cut and the server be replaced by another. */
export interface PostgresProxy {
  /** Host and port. */
  readonly address: string;
  /** Asked for each COMMIT. */
  atCommit: () => AtCommit;
  /** Sends what connects from now on to another server, and cuts what is there. @param socket where that listens */
  pointTo(socket: string): void;
  close(): Promise<void>;
}

/** The tag of a message with SQL of the simple protocol. */
const QUERY = 'Q'.charCodeAt(0);

/** @param socket where the server listens */
export async function createProxy(socket: string): Promise<PostgresProxy> {
  let target = socket;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target);
    for (const each of [client, upstream]) {
      open.add(each);
      each.on('error', () => {}).on('close', () => open.delete(each));
    }
    // what was sent before arrives
    client.on('close', () => upstream.end());
    upstream.on('close', () => client.destroy());
    upstream.pipe(client);
    const read = messageReader();
    client.on('data', (chunk: Buffer) => {
      for (const message of read(chunk)) {
        const fate = isCommit(message) ? proxy.atCommit() : 'pass';
        if (fate === 'cut before') {
          upstream.destroy();
          return;
        }
        if (fate === 'cut after') {
          upstream.unpipe(client).resume();
          upstream.end(message);
          client.destroy();
          return;
        }
        upstream.write(message);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: PostgresProxy = {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    atCommit: () => 'pass',
    pointTo(other) {
      target = other;
      for (const each of open) each.destroy();
    },
    async close() {
      for (const each of open) each.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

const isCommit = (message: Buffer): boolean =>
  message[0] === QUERY && /^\s*COMMIT\b/i.test(message.toString('utf8', 5));

/** Cuts what a client sends into messages. Only the first has no tag before its length. */
function messageReader(): (chunk: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = true;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const messages: Buffer[] = [];
    for (;;) {
      const tagLength = isFirst ? 0 : 1;
      if (rest.length < tagLength + 4) return messages;
      const end = tagLength + rest.readUInt32BE(tagLength);
      if (rest.length < end) return messages;
      messages.push(rest.subarray(0, end));
      rest = rest.subarray(end);
      isFirst = false;
    }
  };
}
