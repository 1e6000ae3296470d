import { expect } from 'vitest';
import {
  DEVICE,
  DEVICE_DEFINITION,
  DEVICE_TYPE_DEFINITION,
  definitionsOn,
  LEASE_DEFINITION,
} from '../service/tenant-definitions.ts';
import { type Answer, type Client, startServer, type TestServer } from '../support/server.ts';
import { newName, patchBody } from './messages.ts';

/** A server whose super tenant has devices. */
export interface DeviceServer {
  readonly server: TestServer;
  readonly client: Client;
  /** A client of the strict dialect. */
  readonly strict: Client;
  createDevice(attributes?: object): Promise<{ path: string; json: Answer['json'] }>;
  patch(path: string, ...operations: object[]): Promise<Answer>;
}

export const deviceBody = (attributes: object = {}) => ({
  schemas: [DEVICE],
  serial: newName('S'),
  ...attributes,
});

/** Values of every data type that a client may see. */
export const FULL_DEVICE = {
  userName: 'host-1',
  displayName: 'Toaster',
  active: true,
  weight: 1.25,
  ports: [443, 80],
  bought: '2025-02-03T04:05:06Z',
  fingerprint: 'AAECAw==',
  holder: 'https://example.com/people/1',
  maker: { value: 'ACME', $ref: 'https://example.com/acme', since: '2001-01-01T00:00:00Z' },
};

export async function startDeviceServer(): Promise<DeviceServer> {
  const server = await startServer();
  const definitions = definitionsOn(server);
  await definitions.addSchema(server.superTenant, DEVICE_DEFINITION, undefined);
  await definitions.addSchema(server.superTenant, LEASE_DEFINITION, undefined);
  await definitions.addResourceType(server.superTenant, DEVICE_TYPE_DEFINITION);
  const strict = await server.connect({ dialect: 'strict' });
  return {
    server,
    client: await server.connect(),
    strict,
    async createDevice(attributes = {}) {
      const { status, json, text } = await strict.request('POST', '/Devices', deviceBody(attributes));
      expect(status, text).toBe(201);
      return { path: `/Devices/${json.id}`, json };
    },
    patch: (path, ...operations) => strict.request('PATCH', path, patchBody(...operations)),
  };
}
