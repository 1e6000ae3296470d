import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PeerOptions } from '../server.ts';

/** Reads the options that the benchmark started this peer with. */
export function readOptions(): PeerOptions {
  return JSON.parse(process.argv[2] ?? '') as PeerOptions;
}

/** Tells the benchmark the port of a listening server, and ends this process when the benchmark ends. */
export function reportReady(server: Server): void {
  process.on('disconnect', () => process.exit());
  process.on('SIGINT', () => {});
  process.send?.({ port: (server.address() as AddressInfo).port });
}

/** Starts a bare node:http server on a free loopback port and reports it. */
export function serve(listener: RequestListener): void {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1', () => reportReady(server));
}
