// The parts of the peers' interfaces used here, so that types can be checked before bench/node_modules exists.

declare module 'express' {
  type Application = {
    use(path: string, handler: unknown): void;
    listen(port: number, host: string, ready: () => void): import('node:http').Server;
  };
  function express(): Application;
  export = express;
}

declare module 'scimmy' {
  type Item = Record<string, unknown>;
  type Target = { id?: string; filter?: { match(items: readonly Item[]): Item[] } };
  type Declared = {
    extend(schema: unknown, required?: boolean): Declared;
    ingress(handler: (resource: Target, data: Item) => Item): Declared;
    egress(handler: (resource: Target) => Item | Item[]): Declared;
    degress(handler: (resource: Target) => void): Declared;
  };
  export const Resources: { User: unknown; declare(resource: unknown): Declared };
  export const Schemas: { EnterpriseUser: unknown };
  export const Types: { Error: new (status: number, scimType: string | null, message: string) => Error };
}

declare module 'scimmy-routers' {
  type Options = {
    type: 'bearer';
    handler: (request: { header(name: string): string | undefined }) => string;
  };
  const SCIMMYRouters: new (options: Options) => unknown;
  export = SCIMMYRouters;
}
