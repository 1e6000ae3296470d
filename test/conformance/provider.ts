import { afterAll, beforeAll } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';

/** A service provider of a test file, and a client that it answers by the letter of the RFCs. */
export interface Provider {
  readonly server: TestServer;
  readonly client: Client;
}

/** Starts a server before the tests of a file and stops it behind them. What it returns can be used within tests. */
export function startProvider(): Provider {
  let server: TestServer;
  let client: Client;
  beforeAll(async () => {
    server = await startServer();
    client = await server.connect({ dialect: 'strict', requirePrimaryEmail: false });
  });
  afterAll(() => server.close());
  return {
    get server() {
      return server;
    },
    get client() {
      return client;
    },
  };
}
