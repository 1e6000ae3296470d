import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What becomes of a connection in which COMMIT is sent: it is cut before the server gets it, or before the answer comes back. */
export type AtCommit = 'pass' | 'cut before' | 'cut after';

/** A socket file, or host and port. */
type ServerAddress = string | { readonly host: string; readonly port: number };

/** Stands between Roster and a PostgreSQL server, so that connections can be cut and the server be replaced by another. */
export interface PostgresProxy {
  /** Host and port. */
  readonly address: string;
  /** Asked for each COMMIT. @param begin the message that its transaction began with */
  atCommit: (begin: string) => AtCommit;
  /** Swallows what either side sends, as a network does that has lost its way. */
  isHung: boolean;
  /** Sends what connects from now on to another server, and cuts what is there. */
  pointTo(target: ServerAddress): void;
  close(): Promise<void>;
}

/** The tag of a message with SQL of the simple protocol. */
const QUERY = 'Q'.charCodeAt(0);

interface ProxiedDatabase {
  /** The database by way of the proxy. */
  readonly url: string;
  readonly proxy: PostgresProxy;
  /** Where the proxy leads. */
  readonly server: ServerAddress;
}

export async function proxied(databaseUrl: string): Promise<ProxiedDatabase> {
  const { hostname, port, pathname, username, password, searchParams } = new URL(databaseUrl);
  const folder = searchParams.get('host');
  const number = Number(port || 5432);
  const server = folder === null ? { host: hostname, port: number } : `${folder}/.s.PGSQL.${number}`;
  const proxy = await createProxy(server);
  return { url: `postgres://${username}:${password}@${proxy.address}${pathname}`, proxy, server };
}

/** @param target where the server listens */
export async function createProxy(target: ServerAddress): Promise<PostgresProxy> {
  let current = target;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = typeof current === 'string' ? connect(current) : connect(current);
    for (const each of [client, upstream]) {
      open.add(each);
      each.on('error', () => {}).on('close', () => open.delete(each));
    }
    // what was sent before arrives
    client.on('close', () => upstream.end());
    upstream.on('close', () => client.destroy());
    upstream.on('data', (chunk: Buffer) => {
      if (!isMute && !proxy.isHung) client.write(chunk);
    });
    let begin = '';
    let isMute = false;
    const read = messageReader();
    client.on('data', (chunk: Buffer) => {
      if (proxy.isHung) return;
      for (const message of read(chunk)) {
        const text = textOf(message);
        if (/^\s*BEGIN\b/i.test(text)) begin = text;
        const fate = /^\s*COMMIT\b/i.test(text) ? proxy.atCommit(begin) : 'pass';
        if (fate === 'cut before') {
          upstream.end();
          client.destroy();
          return;
        }
        if (fate === 'cut after') {
          isMute = true;
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
    isHung: false,
    pointTo(other) {
      current = other;
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

/** The SQL of a message, where it is one of the simple protocol. */
const textOf = (message: Buffer): string => (message[0] === QUERY ? message.toString('utf8', 5) : '');

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
