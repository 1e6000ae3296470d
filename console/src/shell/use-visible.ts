import { useRouter } from '@tanstack/react-router';
import { useOperator } from '../api/session.ts';
import type { Entry } from './navigation.ts';

/** Those that exist and that the operator may see. */
export function useVisible<E extends Entry>(entries: readonly E[]): readonly E[] {
  const { routesByPath } = useRouter();
  const { role } = useOperator();
  return entries.filter(
    ({ path, roles }) =>
      (path in routesByPath || `${path}/` in routesByPath) && (roles === undefined || roles.includes(role)),
  );
}
