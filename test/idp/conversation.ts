import type { ToleranceName } from '../../src/core/tolerance.ts';
import type { NewIntegration } from '../../src/service/integrations.ts';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** What a lookup without a hit has to bring. */
export const NOBODY = { totalResults: 0, itemsPerPage: 0, Resources: [] };

/** One request, as the provider writes it, and what it needs to get back. `{name}` stands for an id that `keep` kept. */
export interface Step {
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the SCIM base URL, byte for byte. */
  readonly path: string;
  /** In place of those of the conversation. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly answer: {
    readonly status: number;
    /** Objects may hold more than is written here, arrays may not. */
    readonly body?: object;
    /** Names of attributes, and values, that must not be in the answer, at any depth. */
    readonly without?: readonly string[];
  };
  /** Keeps the id of the answer, or of the first resource in it, under this name. */
  readonly keep?: string;
  /** The tolerances that this request needs, as its log line names them. */
  readonly tolerances?: readonly ToleranceName[];
}

/** All that a provider says, from the connection test to the last deletion. */
export interface Conversation {
  readonly provider: string;
  /** The page in docs/connect, where there is one. */
  readonly page?: string;
  /** Where the form of the requests is known from. The data in them is made up. */
  readonly knownFrom: readonly string[];
  /** How the page in docs/connect says to create the integration. */
  readonly integration?: Partial<NewIntegration>;
  /** Sent with every request, besides Authorization. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent with every request that has a body. */
  readonly contentType: string;
  readonly steps: readonly Step[];
  /** What is there in the end, oldest first. */
  readonly left: { readonly users: readonly object[]; readonly groups: readonly object[] };
}
