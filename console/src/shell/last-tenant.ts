import { ask, queryClient } from '../api/queries.ts';
import type { Operator } from '../api/session.ts';

const KEY = 'roster.tenant';

/** Notes which tenant was looked at last, for pages that are about none. */
export function noteTenant(domain: string): void {
  try {
    localStorage.setItem(KEY, domain);
  } catch {
    // storage can be forbidden: then the first tenant is as good
  }
}

function notedTenant(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The tenant to show where the URL names none: the operator's own, or the one looked at last, or the super tenant. */
export async function lastTenant(operator: Operator): Promise<string> {
  if (operator.tenant !== undefined) return operator.tenant;
  const tenants = await queryClient.ensureQueryData(ask('GET /tenants'));
  const noted = notedTenant();
  const tenant =
    tenants.find(({ domain }) => domain === noted) ?? tenants.find(({ isSuper }) => isSuper) ?? tenants[0];
  return tenant?.domain ?? 'carbon.super';
}
