import { afterAll, beforeAll } from 'vitest';
import { type Client, startServer, type TestServer } from '../support/server.ts';

/** A service provider of a test file, and a client that it answers by the letter of the RFCs. */
export interface Provider {
  readonly server: TestServer;
  readonly client: Client;
  /** Connects another client of the same kind, to the first tenant or another. */
  connect(tenant?: TestServer['superTenant']): Promise<Client>;
}

const STRICT = { dialect: 'strict', requirePrimaryEmail: false } as const;

/** Starts a server before the tests of a file and stops it behind them. What it returns can be used within tests. */
export function startProvider(settings?: Parameters<typeof startServer>[0]): Provider {
  let server: TestServer;
  let client: Client;
  beforeAll(async () => {
    server = await startServer(settings);
    client = await server.connect(STRICT);
  });
  afterAll(() => server.close());
  return {
    get server() {
      return server;
    },
    get client() {
      return client;
    },
    connect: (tenant) => server.connect(STRICT, tenant),
  };
}
