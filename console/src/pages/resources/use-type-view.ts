import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask } from '../../api/queries.ts';
import { viewOf } from './type-view.ts';

/** Definitions change seldom, and by people who look at other pages. */
const FRESH_MS = 60_000;

/** A resource type with its attributes; undefined until it is read. */
export function useTypeView(tenant: string, typeName: string) {
  const params = { tenant };
  const types = useQuery({
    ...ask('GET /tenants/{tenant}/resource-types', { params }),
    staleTime: FRESH_MS,
  });
  const schemas = useQuery({ ...ask('GET /tenants/{tenant}/schemas', { params }), staleTime: FRESH_MS });
  const view = useMemo(
    () => types.data && schemas.data && viewOf(typeName, types.data, schemas.data),
    [typeName, types.data, schemas.data],
  );
  return {
    view,
    failure: types.error ?? schemas.error,
    isUnknown: types.data !== undefined && schemas.data !== undefined && view === undefined,
    retry: () => void Promise.all([types.refetch(), schemas.refetch()]),
  };
}
