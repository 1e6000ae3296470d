import { useQuery } from '@tanstack/react-query';
import type { Answer } from './client.ts';
import { ask, queryClient } from './queries.ts';

export type Session = Answer<'GET /session'>;
export type Operator = Session['operator'];
export type Role = Operator['role'];

export const sessionQuery = { ...ask('GET /session'), staleTime: Number.POSITIVE_INFINITY };

/** Takes over what signing in has answered. */
export function beginSession(session: Session): void {
  queryClient.clear();
  queryClient.setQueryData(sessionQuery.queryKey, session);
}

/** Forgets everything that was read for the one who was signed in. */
export const endSession = (): void => queryClient.clear();

/** The operator who is signed in. For pages behind the sign-in, where there always is one. */
export function useOperator(): Operator {
  const { data } = useQuery(sessionQuery);
  if (data === undefined) throw new Error('nobody is signed in');
  return data.operator;
}

/** Whether the operator has one of these roles. The server decides; this is for not offering what it would refuse. */
export const useHasRole = (...roles: readonly Role[]): boolean => roles.includes(useOperator().role);

/** Whether the operator may change things at all: auditors read. */
export const useMayChange = (): boolean => useHasRole('owner', 'tenantAdmin');
