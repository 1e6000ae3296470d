/**
 * What Roster accepts beyond the RFCs because identity providers send it: one row each, with who sends it and
 * where that is known from. The engine asks for a row by name; a dialect decides which rows are on.
 */
export const TOLERANCES = {
  'operation-name-case': {
    provider: 'Microsoft Entra ID, scim-patch clients',
    source: 'Entra provisioning documentation, sample PATCH requests',
    accepts: 'PATCH operation names in any case (`Add`, `Replace`, `REMOVE`)',
  },
  'boolean-as-string': {
    provider: 'Microsoft Entra ID',
    source: 'AzureAD/SCIMReferenceCode issue 21',
    accepts: 'Booleans as the strings "True" and "False" in any case, in values and in filters',
  },
  'unquoted-filter-value': {
    provider: 'WSO2 Identity Server, Microsoft request collections',
    source: 'WSO2 outbound connector, Entra sample collection',
    accepts: 'Filter values without quotes (`userName eq bjensen`)',
  },
  'filter-element-sub-attribute': {
    provider: 'PingFederate, SAP, Microsoft Entra ID',
    source: 'PingFederate filter templates',
    accepts: 'A sub-attribute after a value path in a filter (`emails[type eq "work"].value eq "x"`)',
  },
  'path-in-value-key': {
    provider: 'Microsoft Entra ID (aadOptscim062020)',
    source: 'Entra SCIM validator',
    accepts: 'Keys of a path-less PATCH value that are paths (`name.givenName`, `urn:...:User:department`)',
  },
  'remove-with-value': {
    provider: 'Microsoft Entra ID, JumpCloud, authentik',
    source: 'MicrosoftDocs/entra-docs issue 949',
    accepts: 'PATCH `remove` with a value list: only the listed values go',
  },
  'create-missing-element': {
    provider: 'Microsoft Entra ID',
    source: 'Entra provisioning documentation, attribute updates',
    accepts: '`replace` on a value path that matches nothing: the element is made from the filter',
  },
  'foreign-schema-urn': {
    provider: 'OneLogin, Google Workspace, Microsoft Entra ID',
    source: 'connector templates; scimitar issue 142',
    accepts: 'Schema URNs in `schemas` that no schema here has, or no `schemas` at all',
  },
  'read-only-in-patch-value': {
    provider: 'Okta',
    source: 'Okta group push requests',
    accepts: 'readOnly attributes such as `id` inside a path-less PATCH value: they are ignored',
  },
  'scalar-for-complex': {
    provider: 'Microsoft Entra ID',
    source: 'Entra SCIM validator, manager operations',
    accepts: 'A plain string where a complex attribute with a `value` stands (`manager`)',
  },
  'single-element-array': {
    provider: 'Microsoft Entra ID',
    source: 'Entra SCIM validator',
    accepts: 'A single value wrapped in an array of one',
  },
  'object-for-array': {
    provider: 'OneLogin',
    source: 'django-scim2 OneLogin adapter',
    accepts: 'One object where a multi-valued attribute takes an array',
  },
  'empty-complex-value': {
    provider: 'Microsoft Entra ID, OneLogin',
    source: 'Entra SCIM validator, OneLogin templates',
    accepts: 'A complex value whose parts are all blank means no value',
  },
  'empty-operations': {
    provider: 'Microsoft Entra ID',
    source: 'Entra SCIM validator',
    accepts: 'A PATCH with an empty `Operations` list: nothing changes',
  },
  'message-schema-missing': {
    provider: 'JumpCloud, home-made clients',
    source: 'recorded requests',
    accepts: 'A PATCH, search or Bulk body whose `schemas` is missing or names another URN',
  },
  'scalar-member': {
    provider: 'home-made clients',
    source: 'Entra validator variants',
    accepts: 'PATCH of a multi-valued complex attribute with plain strings (`"members": "id"`)',
  },
  'reference-not-uri': {
    provider: 'home-made clients',
    source: 'profile fields that people fill in by hand',
    accepts:
      'Values of `external` and `uri` references that are no URIs (`profileUrl`, `photos`): they are kept as sent',
  },
  'group-patch-without-body': {
    provider: 'Microsoft Entra ID',
    source: 'Entra provisioning documentation, group operations',
    accepts:
      'PATCH of a group that has more than 100 members, or whose answer would show none, is answered 204 without a body',
  },
} as const satisfies Record<string, { provider: string; source: string; accepts: string }>;

export type ToleranceName = keyof typeof TOLERANCES;
export const TOLERANCE_NAMES = Object.keys(TOLERANCES) as ToleranceName[];

export type Dialect = 'standard' | 'strict';

/** What an integration has switched on or off by itself; for a row that is absent its dialect speaks. */
export type ToleranceOverrides = Readonly<Partial<Record<ToleranceName, boolean>>>;

/** The tolerances of one request, and which of them it needed. */
export interface Tolerance {
  /** Whether the deviation is accepted; an accepted one is remembered as used. */
  accept(name: ToleranceName): boolean;
  readonly used: ReadonlySet<ToleranceName>;
}

/** A dialect is a starting point: `standard` accepts every row, `strict` none. */
const isAcceptedIn = (dialect: Dialect): boolean => dialect === 'standard';

/**
 * @param overrides rows that are on or off whatever the dialect says
 * @example toleranceOf('strict', { 'operation-name-case': true })
 */
export function toleranceOf(dialect: Dialect, overrides: ToleranceOverrides = {}): Tolerance {
  const used = new Set<ToleranceName>();
  const byDialect = isAcceptedIn(dialect);
  return {
    used,
    accept(name) {
      if (!(overrides[name] ?? byDialect)) return false;
      used.add(name);
      return true;
    },
  };
}

/** What of the overrides makes an integration differ from its dialect, in the order of the table. */
export function differencesFrom(
  dialect: Dialect,
  overrides: ToleranceOverrides = {},
): { readonly accepted: ToleranceName[]; readonly refused: ToleranceName[] } {
  const byDialect = isAcceptedIn(dialect);
  const differing = TOLERANCE_NAMES.filter((name) => (overrides[name] ?? byDialect) !== byDialect);
  return byDialect ? { accepted: [], refused: differing } : { accepted: differing, refused: [] };
}
