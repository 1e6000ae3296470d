import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';

/** What stands where a page is about to be. */
export function PageSkeleton() {
  return (
    <Stack gap="lg" role="status">
      <VisuallyHidden>Loading</VisuallyHidden>
      <Skeleton height={34} width="40%" />
      <Skeleton height={18} width="65%" />
      <Skeleton height={280} />
    </Stack>
  );
}
