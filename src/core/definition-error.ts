/** Where in a JSON document: the keys and indexes on the way to it. */
export type JsonPath = readonly (string | number)[];

/** A schema or resource type that cannot be: the message says why, the path where in its JSON. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
  readonly path: JsonPath;

  constructor(path: JsonPath, reason: string) {
    super(reason);
    this.path = path;
  }
}
