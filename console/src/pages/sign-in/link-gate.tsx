import { Alert, Button, Stack } from '@mantine/core';
import { IconClockX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Answer, call } from '../../api/client.ts';
import { ApiError } from '../../api/error.ts';
import { Loaded } from '../../ui/loaded.tsx';

interface LinkGateProps {
  readonly code: string;
  /** How to get another one. */
  readonly remedy: ReactNode;
  readonly children: (link: Answer<'POST /links/show'>) => ReactNode;
}

/** Shows what a one-time link is for, or that it is good for nothing any more and how to get another one. */
export function LinkGate({ code, remedy, children }: LinkGateProps) {
  const link = useQuery({
    queryKey: ['link', code],
    queryFn: () => call('POST /links/show', { body: { code } }),
    enabled: code !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { error } = link;
  const isUseless = code === '' || (error instanceof ApiError && error.status >= 400 && error.status < 500);
  if (!isUseless) return <Loaded query={link}>{children}</Loaded>;
  return (
    <Stack>
      <Alert color="yellow" icon={<IconClockX />} title="This link can’t be used">
        {code === ''
          ? 'The part behind # is missing: copy the whole link. '
          : 'It was used, or its time is over. '}
        {remedy}
      </Alert>
      <Button component={Link} to="/sign-in" variant="default">
        Sign in
      </Button>
    </Stack>
  );
}
