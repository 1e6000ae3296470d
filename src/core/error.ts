/** The `scimType` values of RFC 7644 table 9 and RFC 9865 section 2.1. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount';

const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

/**
 * Every failure that a client may see. Thrown where it is found, caught and encoded once per protocol version.
 * `message` becomes the `detail` of the answer, so it never holds a secret or a stored value of another resource.
 */
export class ScimError extends Error {
  override readonly name: string = 'ScimError';
  readonly status: number;
  readonly scimType: ScimType | undefined;
  /** Seconds after which the request may succeed; undefined: not known. */
  readonly retryAfter: number | undefined;
  /** More than the client is told, for the log: words of the server alone, nothing that a client has sent. */
  readonly reason: string | undefined;
  /** Where in the text of a filter it is, from 1; undefined: not known. */
  readonly position: number | undefined;
  /** The attribute that it is about, as a path of a filter would name it; undefined: not known, or none. */
  attribute: string | undefined;

  constructor(
    status: number,
    detail: string,
    scimType?: ScimType,
    {
      retryAfter,
      reason,
      position,
    }: { readonly retryAfter?: number; readonly reason?: string; readonly position?: number } = {},
  ) {
    super(detail);
    this.status = status;
    this.scimType = scimType;
    this.retryAfter = retryAfter;
    this.reason = reason;
    this.position = position;
  }
}

/** Does something with one attribute; a failure then says which. */
export function onAttribute<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScimError) error.attribute ??= path;
    throw error;
  }
}

/** The server cannot answer now, through no fault of the request: full disk, locked or lost database. */
export class Unavailable extends ScimError {
  /** @param reason for the log; the client is only told to try again */
  constructor(reason: string) {
    super(503, 'The server cannot answer now. Try again.', undefined, { retryAfter: 1 });
    this.cause = reason;
  }
}

/**
 * A 400 with its scimType (RFC 7644 section 3.12, table 9).
 *
 * @param position where in the text of a filter it is, from 1
 */
export const badRequest = (scimType: ScimType, detail: string, position?: number): ScimError =>
  new ScimError(400, detail, scimType, position === undefined ? {} : { position });

export const invalidSyntax = (detail: string): ScimError => badRequest('invalidSyntax', detail);
export const invalidValue = (detail: string): ScimError => badRequest('invalidValue', detail);
export const invalidPath = (detail: string): ScimError => badRequest('invalidPath', detail);
export const invalidFilter = (detail: string, position?: number): ScimError =>
  badRequest('invalidFilter', detail, position);
export const noTarget = (detail: string): ScimError => badRequest('noTarget', detail);
export const mutability = (detail: string): ScimError => badRequest('mutability', detail);

/** An id nobody knows, an id of another tenant and an id of another shape all answer alike. */
export const notFound = (detail: string): ScimError => new ScimError(404, detail);

/**
 * RFC 7644 section 3.3: a uniqueness conflict is 409 with scimType `uniqueness`.
 *
 * @param attribute whose value is taken
 */
export function conflict(detail: string, attribute?: string): ScimError {
  const error = new ScimError(409, detail, 'uniqueness');
  error.attribute = attribute;
  return error;
}

/** The JSON body of an error answer (RFC 7644 section 3.12; `status` is a string there). */
export interface ErrorBody {
  schemas: [typeof ERROR_SCHEMA];
  status: string;
  scimType?: ScimType;
  detail: string;
}

export function errorBody(error: ScimError): ErrorBody {
  return {
    schemas: [ERROR_SCHEMA],
    status: String(error.status),
    ...(error.scimType === undefined ? {} : { scimType: error.scimType }),
    detail: error.message,
  };
}
