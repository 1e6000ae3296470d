import type { AttributeDefinition, SchemaDefinition } from '../schema.ts';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';

interface PluralSettings {
  value?: Partial<AttributeDefinition>;
  canonicalTypes?: readonly string[];
}

/** A multi-valued attribute with the usual sub-attributes (RFC 7643 section 2.4). */
function plural(name: string, what: string, settings: PluralSettings = {}): AttributeDefinition {
  return {
    name,
    type: 'complex',
    multiValued: true,
    description: `${what} of the user.`,
    subAttributes: [
      { name: 'value', description: `The value: ${what.toLowerCase()}.`, ...settings.value },
      { name: 'display', description: 'A name for people, primarily for display.' },
      {
        name: 'type',
        description: 'A label for the function of the value.',
        ...(settings.canonicalTypes ? { canonicalValues: settings.canonicalTypes } : {}),
      },
      {
        name: 'primary',
        type: 'boolean',
        description: 'Whether this is the preferred value; at most one is.',
      },
    ],
  };
}

/** The core User schema (RFC 7643 sections 4.1 and 8.7.1). */
export const USER: SchemaDefinition = {
  id: USER_SCHEMA,
  alias: '',
  name: 'User',
  description: 'User Account',
  attributes: [
    {
      name: 'userName',
      searched: true,
      storePrefixes: [],
      administered: true,
      required: true,
      uniqueness: 'server',
      precis: 'UsernameCaseMapped',
      description: 'The name by which the user signs in, unique without regard to case.',
    },
    {
      name: 'name',
      type: 'complex',
      description: "The components of the user's name.",
      subAttributes: [
        { name: 'formatted', description: 'The full name, formatted for display.' },
        { name: 'familyName', searched: true, description: 'The family name or last name.' },
        { name: 'givenName', searched: true, description: 'The given name or first name.' },
        { name: 'middleName', description: 'The middle names.' },
        { name: 'honorificPrefix', description: 'The honorific prefix, for example a title.' },
        { name: 'honorificSuffix', description: 'The honorific suffix.' },
      ],
    },
    { name: 'displayName', searched: true, description: 'The name of the user, suitable for display.' },
    { name: 'nickName', description: 'The casual way to address the user.' },
    {
      name: 'profileUrl',
      type: 'reference',
      referenceTypes: ['external'],
      description: "The URI of the user's online profile.",
    },
    { name: 'title', description: "The user's title, for example Vice President." },
    {
      name: 'userType',
      administered: true,
      description: 'The relation between the organisation and the user.',
    },
    { name: 'preferredLanguage', description: "The user's preferred written or spoken languages." },
    { name: 'locale', description: "The user's default location, for dates, numbers and currency." },
    { name: 'timezone', description: "The user's time zone, in IANA form." },
    { name: 'active', administered: true, type: 'boolean', description: 'Whether the account is in use.' },
    {
      name: 'password',
      caseExact: true,
      mutability: 'writeOnly',
      returned: 'never',
      hashed: true,
      description: "The user's clear-text password, to set or to change it.",
    },
    plural('emails', 'E-mail addresses', {
      value: { searched: true },
      canonicalTypes: ['work', 'home', 'other'],
    }),
    plural('phoneNumbers', 'Telephone numbers', {
      canonicalTypes: ['work', 'home', 'mobile', 'fax', 'pager', 'other'],
    }),
    plural('ims', 'Instant messaging addresses', {
      canonicalTypes: ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo'],
    }),
    plural('photos', 'Photographs', {
      value: { type: 'reference', referenceTypes: ['external'] },
      canonicalTypes: ['photo', 'thumbnail'],
    }),
    {
      name: 'addresses',
      type: 'complex',
      multiValued: true,
      description: 'Physical mailing addresses of the user.',
      subAttributes: [
        { name: 'formatted', description: 'The full address, formatted for display or a label.' },
        { name: 'streetAddress', description: 'Street, house number and the like.' },
        { name: 'locality', description: 'The city.' },
        { name: 'region', description: 'The state or region.' },
        { name: 'postalCode', description: 'The zip code or postal code.' },
        { name: 'country', description: 'The country, in ISO 3166-1 alpha-2 form.' },
        {
          name: 'type',
          canonicalValues: ['work', 'home', 'other'],
          description: 'A label for the function of the address.',
        },
        {
          name: 'primary',
          type: 'boolean',
          description: 'Whether this is the preferred address; at most one is.',
        },
      ],
    },
    {
      name: 'groups',
      type: 'complex',
      multiValued: true,
      mutability: 'readOnly',
      relation: 'memberOf',
      description: 'The groups the user belongs to, changed through the groups themselves.',
      subAttributes: [
        { name: 'value', caseExact: true, mutability: 'readOnly', description: 'The id of the group.' },
        {
          name: '$ref',
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          mutability: 'readOnly',
          description: 'The URI of the group.',
        },
        { name: 'display', mutability: 'readOnly', description: 'The displayName of the group.' },
        {
          name: 'type',
          canonicalValues: ['direct', 'indirect'],
          mutability: 'readOnly',
          description: 'Whether the user is a member itself or through another group.',
        },
      ],
    },
    { ...plural('entitlements', 'Entitlements'), administered: true },
    { ...plural('roles', 'Roles'), administered: true },
    {
      ...plural('x509Certificates', 'X.509 certificates', { value: { type: 'binary' } }),
      administered: true,
    },
  ],
};
