import type { Provider } from '../core/provider.ts';

/** What of a provider's configuration an error is about. */
export type Place = 'secret' | 'url' | 'mappings' | 'matching';

/** Where each provider has it, in the words of its own pages. */
export const PLACES: Readonly<Partial<Record<Provider, Readonly<Partial<Record<Place, string>>>>>> = {
  entra: {
    secret: 'Entra ID: Provisioning, Connectivity, *Secret token*',
    url: 'Entra ID: Provisioning, Connectivity, *Tenant URL*',
    mappings: 'Entra ID: Provisioning, *Attribute mapping*',
    matching: 'Entra ID: Provisioning, *Attribute mapping*, the attribute with a matching precedence',
  },
  okta: {
    secret: 'Okta: tab *Provisioning*, *Integration*, *Authentication Mode*',
    url: 'Okta: tab *Provisioning*, *Integration*, *SCIM connector base URL*',
    mappings: 'Okta: tab *Provisioning*, *To App*, *Attribute Mappings*',
    matching: 'Okta: tab *Provisioning*, *Integration*, *Unique identifier field for users*',
  },
  sap: {
    secret: 'SAP Identity Provisioning: properties `User` and `Password` of the target system',
    url: 'SAP Identity Provisioning: property `URL` of the target system',
    mappings: 'SAP Identity Provisioning: *Transformations* of the target system',
    matching: 'SAP Identity Provisioning: property `scim.user.unique.attribute`',
  },
  onelogin: {
    secret: 'OneLogin: tab *Configuration*, *SCIM Bearer Token*',
    url: 'OneLogin: tab *Configuration*, *SCIM Base URL*',
    mappings: 'OneLogin: tab *Configuration*, *SCIM JSON Template*',
  },
  jumpcloud: {
    secret: 'JumpCloud: *Identity Management*, *Token Key*',
    url: 'JumpCloud: *Identity Management*, *Base URL*',
    mappings: 'JumpCloud: *Identity Management*, *Attribute Mapping*',
  },
  ping: {
    secret:
      'PingOne: *OAuth Access Token*; PingFederate: *Access Token*, or the fields of *Basic Authentication*',
    url: 'PingOne: *SCIM Base URL*; PingFederate: *SCIM URL*',
    mappings: 'PingOne and PingFederate: *Attribute Mapping*',
    matching: 'PingOne: *User Filter Expression*; PingFederate: *Filter Expression*',
  },
  google: {
    secret: 'Google Workspace: *Autoprovisioning*, *Access token*',
    url: 'Google Workspace: *Autoprovisioning*, *Endpoint URL*',
    mappings: 'Google Workspace: *Autoprovisioning*, *App attributes*',
  },
  sailpoint: {
    secret: 'SailPoint: *Authentication Type*, *API Token*',
    url: 'SailPoint: *Host URL*',
    mappings: 'SailPoint: *Provisioning Policies* of the source',
    matching: 'SailPoint: *Filter Condition For Accounts* and *For Groups*',
  },
  curl: {
    secret: 'curl: `-H "Authorization: Bearer TOKEN"`, or `-u USER:PASSWORD`',
    url: 'curl: the URL of the command',
    mappings: 'curl: the body',
  },
};
