import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorPanel } from './error-panel.tsx';

interface LoadedProps<T> {
  readonly query: UseQueryResult<T, Error>;
  readonly children: (data: T) => ReactNode;
  /** What stands there meanwhile; absent: three grey lines. */
  readonly skeleton?: ReactNode;
}

/** Something that has to be read first: a skeleton, what went wrong with a way to try again, or what was read. */
export function Loaded<T>({ query, children, skeleton }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div role="status">
      <VisuallyHidden>Loading</VisuallyHidden>
      {skeleton ?? (
        <Stack gap="sm">
          <Skeleton height={20} width="70%" />
          <Skeleton height={20} width="90%" />
          <Skeleton height={20} width="55%" />
        </Stack>
      )}
    </div>
  );
}
