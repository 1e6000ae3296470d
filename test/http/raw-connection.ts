import { once } from 'node:events';
import { connect } from 'node:net';

/** What came back on a connection, and whether the server ended it. */
export interface Exchange {
  readonly text: string;
  /** Status codes of the answers, in order. */
  readonly statuses: readonly number[];
  readonly closedByServer: boolean;
}

/**
 * Sends bytes as they are to a server on this machine and reads what comes back until the server ends the connection.
 *
 * @param halfClose ends the sending side behind the bytes, as a client that breaks off does
 * @param patienceMs how long a connection may stay open that the server does not end
 */
export async function exchange(
  port: number,
  bytes: string | Buffer,
  { halfClose = false, patienceMs = 3000 }: { halfClose?: boolean; patienceMs?: number } = {},
): Promise<Exchange> {
  // the sending side stays open when the server ends its own, as that of a hostile client would
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const chunks: Buffer[] = [];
  let closedByServer = false;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // a server may drop a connection whose rest it does not want
  socket.on('error', () => {
    closedByServer = true;
  });
  await once(socket, 'connect');
  socket.write(bytes);
  if (halfClose) socket.end();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, patienceMs);
    const end = () => {
      closedByServer = true;
      clearTimeout(timer);
      resolve();
    };
    socket.once('end', end);
    socket.once('error', end);
  });
  socket.destroy();
  const text = Buffer.concat(chunks).toString('latin1');
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  return { text, statuses, closedByServer };
}
