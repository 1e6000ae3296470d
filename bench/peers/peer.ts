import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
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

/**
 * Starts a server of stored JSON texts: it checks a keyed hash of the bearer token, takes the id behind `/Users/` and answers
 * with the text that `find` gives its second argument; 404 for none.
 */
export function servePointReads(
  token: string,
  find: (id: string, answer: (doc: string | undefined) => void) => void,
): void {
  const key = randomBytes(32);
  const hashOf = (secret: string): Buffer => createHmac('sha256', key).update(secret).digest();
  const expected = hashOf(token);
  serve((request, response) => {
    const given = request.headers.authorization ?? '';
    if (!given.startsWith('Bearer ') || !timingSafeEqual(hashOf(given.slice(7)), expected)) {
      response.writeHead(401).end();
      return;
    }
    find(request.url?.slice('/Users/'.length) ?? '', (doc) => {
      if (doc === undefined) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, {
        'content-type': 'application/scim+json',
        'content-length': Buffer.byteLength(doc),
      });
      response.end(doc);
    });
  });
}
