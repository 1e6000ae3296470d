/** What is known of the client that sent a request. */
export interface ProviderSigns {
  readonly userAgent: string;
  /** Path and query, percent-encoded. */
  readonly url: string;
  readonly body: string | undefined;
}

/** Identity providers by what they call themselves, and what is none of them. */
export const PROVIDERS = {
  entra: 'Microsoft Entra ID',
  okta: 'Okta',
  sap: 'SAP Cloud Identity Services',
  onelogin: 'OneLogin',
  jumpcloud: 'JumpCloud',
  ping: 'Ping Identity',
  google: 'Google Workspace',
  sailpoint: 'SailPoint',
  curl: 'curl',
  other: 'other',
} as const;

export type Provider = keyof typeof PROVIDERS;

/** One sign of a provider. The first row whose patterns all fit decides. */
interface Sign {
  readonly provider: Provider;
  readonly userAgent?: RegExp;
  readonly url?: RegExp;
  readonly body?: RegExp;
}

/**
 * By what providers are told apart: the name that a client gives itself, or else what only one of them is known to send.
 * Clients that say nothing of themselves are known by their writes alone.
 */
const SIGNS: readonly Sign[] = [
  { provider: 'okta', userAgent: /\bokta\b/i },
  { provider: 'google', userAgent: /^Google-Auto-Provisioning/i },
  { provider: 'jumpcloud', userAgent: /jumpcloud/i },
  { provider: 'onelogin', userAgent: /onelogin/i },
  { provider: 'ping', userAgent: /\bping(?:one|federate|identity|directory|\b)/i },
  { provider: 'sailpoint', userAgent: /sailpoint|identityiq/i },
  { provider: 'sap', userAgent: /\bsap\b|\bIPS\b|sap-cp|cloud identity services/i },
  { provider: 'entra', userAgent: /azure|entra|microsoft|aad-?scim/i },
  { provider: 'curl', userAgent: /^curl\//i },
  { provider: 'entra', url: /aadOptscim062020|AzureAdScimPatch2017/i },
  { provider: 'entra', body: /schemas\.microsoft\.com\/2006\/11\/ResourceManagement\/ADSCIM/ },
  { provider: 'entra', body: /WindowsAzureActiveDirectoryRole/ },
  { provider: 'entra', body: /"\$ref"\s*:\s*null/ },
  { provider: 'entra', body: /"op"\s*:\s*"(?:Add|Replace|Remove)"/ },
  // reference checks before members are changed
  { provider: 'entra', url: /\/Groups\?.*excludedAttributes=members/i },
  { provider: 'sap', body: /urn:ietf:params:scim:schemas:extension:sap:2\.0:User/ },
  {
    provider: 'google',
    body: /"urn:scim:schemas:core:1\.0"[^\]]*"urn:ietf:params:scim:schemas:core:2\.0:User"/,
  },
  { provider: 'ping', url: /[?&]filter=\w+(?:%20|\+)Eq(?:%20|\+)%22/ },
  // it calls itself by a media type, and leaves a question mark or an ampersand at the end
  { provider: 'onelogin', userAgent: /^application\/json$/i },
  { provider: 'onelogin', userAgent: /^$/, url: /\/Users(?:\/[^/?]+)?\?(?:filter=[^&]*&)?$/ },
];

/** Which provider has sent a request, as far as its signs tell. */
export function guessProvider(signs: ProviderSigns): Provider {
  const fits = ({ userAgent, url, body }: Sign): boolean =>
    (userAgent === undefined || userAgent.test(signs.userAgent)) &&
    (url === undefined || url.test(signs.url)) &&
    (body === undefined || (signs.body !== undefined && body.test(signs.body)));
  return SIGNS.find(fits)?.provider ?? 'other';
}
