import type { ScimType } from '../core/error.ts';
import type { Provider } from '../core/provider.ts';
import type { Place } from './provider-settings.ts';
import type { Refusal } from './refused-credentials.ts';

/** Why a request failed, for the person who set the provider up. */
export interface ExplanationRow {
  readonly summary: string;
  readonly rfc?: string;
  readonly remedy: string;
  readonly place?: Place;
  /** More for one provider. */
  readonly more?: Readonly<Partial<Record<Provider, string>>>;
}

const AUTHENTICATION = 'RFC 7644 section 2';
const HTTP_AUTHENTICATION = 'RFC 9110 section 11.6.2';
const BEARER = 'RFC 6750 section 2.1';
const BASIC = 'RFC 7617 section 2';

/** By the reason that the log has of its own. */
export const BY_REASON: Readonly<Record<Refusal | 'no SCIM at this URL', ExplanationRow>> = {
  'no credentials': {
    summary: 'The request came without an Authorization header, or with an empty one.',
    rfc: AUTHENTICATION,
    remedy: 'Enter the token, or the user name and password, of the integration at the provider.',
    place: 'secret',
    more: {
      entra: 'With an empty secret token Entra ID sends tokens of its own, which Roster does not take.',
    },
  },
  'no Bearer before the token': {
    summary: 'The token came without the word Bearer before it.',
    rfc: BEARER,
    remedy: 'Where the provider asks for a whole header, enter "Bearer", a blank and the token.',
    place: 'secret',
  },
  'Bearer twice': {
    summary: 'The header names its scheme twice: the provider adds it, and it was entered, too.',
    rfc: BEARER,
    remedy: 'Enter the token alone.',
    place: 'secret',
  },
  'secret cut off': {
    summary: 'The secret is shorter than the one that was given out: its end is missing.',
    rfc: AUTHENTICATION,
    remedy: 'Enter the whole secret again, or make another credential and copy that.',
    place: 'secret',
  },
  'secret too long': {
    summary: 'The secret is longer than the one that was given out: something else was pasted with it.',
    rfc: AUTHENTICATION,
    remedy: 'Enter the secret again, without anything before or behind it.',
    place: 'secret',
  },
  'secret unknown or ended': {
    summary: 'The credentials have the right form, but are none of this server that is alive.',
    rfc: AUTHENTICATION,
    remedy: 'Enter a credential of the integration that is not revoked. A deleted integration has none.',
    place: 'secret',
  },
  'credential has ended': {
    summary: 'The credential was right once: it has expired or was revoked.',
    rfc: AUTHENTICATION,
    remedy: 'Make another credential of the integration, and enter it at the provider.',
    place: 'secret',
  },
  'credential of another tenant': {
    summary: 'The URL names one tenant, and the credential belongs to another.',
    rfc: 'RFC 7644 section 6',
    remedy: 'Use the SCIM base URL of the tenant that the integration is in.',
    place: 'url',
  },
  'integration uses Basic': {
    summary: 'The provider sends a token, but this integration was made with user name and password.',
    rfc: HTTP_AUTHENTICATION,
    remedy: 'Choose Basic authentication at the provider, or make an integration with a bearer token.',
    place: 'secret',
  },
  'integration uses Bearer': {
    summary:
      'The provider sends a user name and a password, but this integration was made with a bearer token.',
    rfc: HTTP_AUTHENTICATION,
    remedy: 'Choose a bearer token at the provider, or make an integration with Basic authentication.',
    place: 'secret',
  },
  'user name and password in the wrong order': {
    summary: 'The password came as the user name, and the user name as the password.',
    rfc: BASIC,
    remedy: 'Swap the two.',
    place: 'secret',
  },
  'user name and password not in base64': {
    summary: 'User name and password came as they are, where the header needs them in base64.',
    rfc: BASIC,
    remedy: 'Use the fields for user name and password of the provider, or encode USER:PASSWORD in base64.',
    place: 'secret',
  },
  'user name or password unknown': {
    summary: 'A user name and a password came that are those of no integration and of no active user.',
    rfc: BASIC,
    remedy: 'Use the user name and password that were shown when the credential was made.',
    place: 'secret',
  },
  'tenant is deactivated': {
    summary: 'The tenant is deactivated: all of its credentials are refused.',
    rfc: AUTHENTICATION,
    remedy: 'Activate the tenant.',
  },
  'token of somebody else': {
    summary: 'The token is none that this server gives out.',
    rfc: BEARER,
    remedy: 'Enter the token of the integration; it begins with roster_.',
    place: 'secret',
    more: {
      entra: 'With an empty secret token Entra ID sends tokens of its own, which Roster does not take.',
    },
  },
  'unknown authorization scheme': {
    summary: 'The Authorization header is neither Bearer nor Basic.',
    rfc: HTTP_AUTHENTICATION,
    remedy: 'Choose a bearer token or Basic authentication at the provider.',
    place: 'secret',
  },
  'no SCIM at this URL': {
    summary: 'A credential of this integration was used at a URL below which there is no SCIM.',
    rfc: 'RFC 7644 section 3.2',
    remedy:
      'Enter the SCIM base URL as it is shown with the integration: it ends in /scim/v2, or for SCIM 1.1 in /wso2/scim.',
    place: 'url',
  },
};

/** By the `scimType` of the answer. */
export const BY_SCIM_TYPE: Readonly<Record<ScimType, ExplanationRow>> = {
  invalidFilter: {
    summary: 'The filter can not be read, or names an attribute that there is not.',
    rfc: 'RFC 7644 section 3.4.2.2',
    remedy:
      'Correct the filter; the detail says where it is wrong. A matching attribute has to be one of the schema.',
    place: 'matching',
  },
  tooMany: {
    summary: 'The request asks for more than the server works out at a time.',
    rfc: 'RFC 7644 section 3.4.2.2',
    remedy: 'Make the filter narrower, or page through the list.',
    place: 'matching',
  },
  uniqueness: {
    summary: 'Another resource has this value already; user names are compared without regard to case.',
    rfc: 'RFC 7644 section 3.3',
    remedy: 'Link the provider’s user to the one that is there, or change the name of one of them.',
    place: 'matching',
    more: {
      okta: 'Import the users that are there (*Import Now*), and confirm the match.',
      jumpcloud: 'During *Activate*: choose a *Test User Email* that no user has.',
      sap: 'Identity Provisioning looks the user up after this answer and overwrites it.',
    },
  },
  mutability: {
    summary: 'The request changes an attribute that may not be changed, or removes one that is required.',
    rfc: 'RFC 7643 section 7',
    remedy: 'Take the attribute out of what the provider sends.',
    place: 'mappings',
    more: { sailpoint: 'Switch `updateGroupsViaUsers` off: memberships are changed at the group.' },
  },
  invalidSyntax: {
    summary: 'The body is not what the request needs: no JSON, or not of the right shape.',
    rfc: 'RFC 7644 section 3.12',
    remedy: 'Correct the body; the detail says what is wrong, and for broken JSON the log has the place.',
    place: 'mappings',
    more: { onelogin: 'Most often the template has a comma too many, or one too few.' },
  },
  invalidPath: {
    summary: 'The path of a PATCH operation can not be read, or names an attribute that there is not.',
    rfc: 'RFC 7644 section 3.5.2',
    remedy: 'Map to an attribute of the schema, extensions with their whole URN.',
    place: 'mappings',
  },
  noTarget: {
    summary: 'The path of a PATCH operation selects a value, and there is none that fits.',
    rfc: 'RFC 7644 section 3.5.2',
    remedy:
      'Send the value with add, or switch the integration to the dialect standard, which makes the missing value.',
    place: 'mappings',
  },
  invalidValue: {
    summary: 'A required value is missing, or a value is not of the type or form that its attribute has.',
    rfc: 'RFC 7644 section 3.12',
    remedy: 'Correct the mapping of the attribute that the detail names.',
    place: 'mappings',
  },
  invalidVers: {
    summary: 'The version of the protocol in the URL is none that is served.',
    rfc: 'RFC 7644 section 3.13',
    remedy: 'Enter the SCIM base URL as it is shown with the integration.',
    place: 'url',
  },
  sensitive: {
    summary: 'The request has personal data in its URL, where it would be written to logs on its way.',
    rfc: 'RFC 7644 section 7.5.2',
    remedy: 'Search by POST to .search.',
  },
  invalidCursor: {
    summary: 'The cursor is none that this list has given out, or was changed on its way.',
    rfc: 'RFC 9865 section 2.1',
    remedy: 'Begin the list anew, and send each cursor with the same filter and sort as before.',
  },
  expiredCursor: {
    summary: 'The cursor is older than cursors are taken.',
    rfc: 'RFC 9865 section 2.1',
    remedy: 'Begin the list anew, and read its pages without long pauses.',
  },
  invalidCount: {
    summary: 'The number of resources of a page is not one that cursors take.',
    rfc: 'RFC 9865 section 2.1',
    remedy: 'Give a count that is a whole number, and the same for all pages of a list.',
  },
};

/** Details that say more than their `scimType`. The first that fits counts. */
export const BY_DETAIL: readonly (ExplanationRow & { readonly detail: RegExp })[] = [
  {
    detail: /^emails must hold an address with "primary": true/,
    summary: 'This integration asks for a primary e-mail address of new users, and the user has none.',
    rfc: 'RFC 7643 section 4.1.2',
    remedy: 'Map an address with "primary": true, or lift the rule in the settings of the integration.',
    place: 'mappings',
  },
  {
    detail: /^members names a resource that does not exist/,
    summary: 'A member is named that Roster does not have: it was not provisioned yet, or deleted.',
    rfc: 'RFC 7643 section 4.2',
    remedy: 'Provision the users of the group first, then the group again.',
    more: {
      okta: 'Assign the users to the application, then *Push now*.',
      entra: 'Put the users into the scope of provisioning, not the group alone.',
    },
  },
];

/** By the status of the answer, where nothing more is known. */
export const BY_STATUS: Readonly<Record<number, ExplanationRow>> = {
  400: {
    summary: 'The request is malformed.',
    rfc: 'RFC 7644 section 3.12',
    remedy: 'The detail of the answer says what is wrong with it.',
  },
  401: {
    summary: 'The request came without credentials that are alive.',
    rfc: AUTHENTICATION,
    remedy: 'Enter the credentials of the integration again.',
    place: 'secret',
  },
  403: {
    summary: 'The credentials are right, but may not do this.',
    rfc: 'RFC 7644 section 3.12',
    remedy:
      'Give the integration the right to write, or let the provider read only. Users need a group with the permission.',
  },
  404: {
    summary: 'There is nothing at the URL: the resource was deleted, was never there, or the URL is wrong.',
    rfc: 'RFC 7644 section 3.12',
    remedy:
      'Where every request gets this, correct the base URL; else let the provider look the resource up again.',
    place: 'url',
    more: {
      okta: 'Unlink the group and push it again, or unassign the user and assign it again.',
      entra: 'Restart provisioning: Entra ID then looks for all of its users again.',
    },
  },
  405: {
    summary: 'The URL does not take this method.',
    rfc: 'RFC 7644 section 3.2',
    remedy: 'Look whether the base URL is complete, and whether an id is missing in the URL.',
    place: 'url',
  },
  406: {
    summary: 'The client asks for, or sends, a format other than JSON.',
    rfc: 'RFC 7644 section 3.8',
    remedy: 'Set the provider to application/json.',
  },
  408: {
    summary: 'The request did not arrive as a whole in time.',
    rfc: 'RFC 9110 section 15.5.9',
    remedy: 'Look at the network, and at proxies between the provider and the server.',
  },
  409: {
    summary: 'The resource stands against another one, or changed while the request was carried out.',
    rfc: 'RFC 7644 section 3.12',
    remedy: 'Let the provider read the resource again and repeat the request.',
  },
  412: {
    summary: 'The resource has another version than the one that the request was made for.',
    rfc: 'RFC 7644 section 3.14',
    remedy: 'Let the provider read the resource again and repeat the request, or send no If-Match.',
  },
  413: {
    summary: 'The body is larger than is taken, or a Bulk request has too many operations.',
    rfc: 'RFC 7644 section 3.7.4',
    remedy: 'Send less at a time; ServiceProviderConfig tells the limits of Bulk.',
  },
  414: {
    summary: 'The URL is longer than is taken.',
    rfc: 'RFC 9110 section 15.5.15',
    remedy: 'Search by POST to .search.',
  },
  415: {
    summary: 'The body is not JSON by its Content-Type, not in UTF-8, or compressed.',
    rfc: 'RFC 7644 section 3.8',
    remedy: 'Set the provider to application/scim+json, uncompressed.',
  },
  429: {
    summary: 'The client sends more requests than it may.',
    rfc: 'RFC 6585 section 4',
    remedy: 'Nothing, where the provider tries again by itself; else raise the rate of the integration.',
    more: {
      sap: 'Identity Provisioning tries again by itself: twice, 30 seconds apart, unless you set it otherwise.',
    },
  },
  431: {
    summary: 'The header fields of the request are larger than is taken.',
    rfc: 'RFC 6585 section 5',
    remedy: 'Send fewer or shorter header fields; look at what proxies add.',
  },
  500: {
    summary: 'The server failed on this request; nothing was changed.',
    rfc: 'RFC 7644 section 3.12',
    remedy: 'Look for the request id in the log of the server, and report what it says.',
  },
  503: {
    summary:
      'The server could not answer at this moment: its database was busy or not to be reached, or it was stopping.',
    rfc: 'RFC 9110 section 15.6.4',
    remedy:
      'Providers try again by themselves. Where it stays, look at the log of the server and at the disk.',
  },
};
