import type { Answer } from '../../api/client.ts';
import type { Tone } from '../../ui/status-badge.tsx';

export type Integration = Answer<'GET /tenants/{tenant}/integrations/{integration}'>;
export type Credential = Integration['credentials'][number];
export type Issued = Answer<'POST /tenants/{tenant}/integrations/{integration}/credentials'>;

/** What is read again after a change of integrations or credentials. */
export const INTEGRATION_READS = [
  'GET /tenants/{tenant}/integrations',
  'GET /tenants/{tenant}/integrations/{integration}',
  'GET /tenants/{tenant}/overview',
  'GET /overview',
] as const;

interface Look {
  readonly tone: Tone;
  readonly label: string;
}

export const HEALTH_LOOKS: Readonly<Record<Integration['health']['state'], Look>> = {
  waiting: { tone: 'info', label: 'Waiting' },
  healthy: { tone: 'good', label: 'Healthy' },
  failing: { tone: 'bad', label: 'Failing' },
  silent: { tone: 'warning', label: 'Silent' },
  ended: { tone: 'neutral', label: 'Ended' },
};

export const CREDENTIAL_LOOKS: Readonly<Record<Credential['state'], Look>> = {
  live: { tone: 'good', label: 'Live' },
  ending: { tone: 'warning', label: 'Ends soon' },
  ended: { tone: 'neutral', label: 'Ended' },
};

/** The authorization types as people read them. */
export const AUTH_NAMES: Readonly<Record<Integration['auth'], string>> = {
  bearer: 'Bearer token',
  basic: 'Basic authentication',
};
