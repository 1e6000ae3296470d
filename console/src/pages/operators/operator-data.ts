import type { Operator, Role } from '../../api/session.ts';

export const ROLES: readonly { readonly value: Role; readonly label: string; readonly means: string }[] = [
  { value: 'owner', label: 'Owner', means: 'Everything: all tenants, operators and settings.' },
  { value: 'tenantAdmin', label: 'Tenant administrator', means: 'Everything in one tenant.' },
  { value: 'auditor', label: 'Auditor', means: 'Reads one tenant, and changes nothing.' },
];

export const roleName = (role: Role): string => ROLES.find(({ value }) => value === role)?.label ?? role;

/** How an operator is, in words. */
export function stateOf({ active, hasPassword }: Operator): {
  readonly tone: 'good' | 'warning' | 'neutral';
  readonly text: string;
} {
  if (!active) return { tone: 'neutral', text: 'Deactivated' };
  return hasPassword ? { tone: 'good', text: 'Active' } : { tone: 'warning', text: 'Invited' };
}
