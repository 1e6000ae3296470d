import { Container } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { ApiError } from '../api/error.ts';
import { ErrorPanel } from '../ui/error-panel.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { NotFound } from './not-found.tsx';

/** Shown in place of a page that has failed; the navigation around it goes on working. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Container size="sm" py="xl">
      <PageHeader title="This page could not be shown" />
      <ErrorPanel error={error} onRetry={retry} />
    </Container>
  );
}

/** The same where not even the navigation can be shown. */
export function ShellFailure(failure: ErrorComponentProps) {
  return (
    <main>
      <PageFailure {...failure} />
    </main>
  );
}
