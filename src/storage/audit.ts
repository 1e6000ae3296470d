/** Who does something, and the way by which it reaches the server. */
export interface Actor {
  /** `cli`: who has a shell on the server; `system`: the server itself. */
  readonly kind: 'operator' | 'integration' | 'user' | 'cli' | 'system';
  /** Of an operator, an integration or a user; of somebody with a shell the account there. */
  readonly id: string;
  readonly name: string;
  readonly via: 'console' | 'api' | 'cli' | 'scim' | 'server';
  /** The IP address that the request came from; undefined: there was none. */
  readonly address: string | undefined;
  /** Of the HTTP request, as the log has it. */
  readonly requestId: string | undefined;
}
