const CHARACTER = String.raw`(?:[\w.~!$&'()*+,;=:@-]|%[\dA-Fa-f]{2})`;
const START = String.raw`(?:[A-Za-z][A-Za-z\d+.-]*:|(?![^/?#]*:))`;
const AUTHORITY = String.raw`(?://(?:${CHARACTER}|[[\]])*(?=[/?#]|$))?`;

// of the text behind the start each character can be matched in one way, so that no text takes long
const URI_REFERENCE = new RegExp(
  `^${START}${AUTHORITY}(?:${CHARACTER}|/)*(?:\\?(?:${CHARACTER}|[/?])*)?(?:#(?:${CHARACTER}|[/?])*)?$`,
);

/**
 * Whether a text is an absolute or relative URI (RFC 3986 section 4.1).
 *
 * @example isUriReference('../Users/2819c223') // true
 */
export const isUriReference = (text: string): boolean => URI_REFERENCE.test(text);
