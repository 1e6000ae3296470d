import { Button, Container } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

/** There is no page of this URL, or nothing that the operator may see. */
export function NotFound() {
  return (
    <Container size="sm" py="xl">
      <PageHeader title="Not found" />
      <EmptyState
        icon={IconMapQuestion}
        title="There is nothing at this address"
        action={
          <Button component={Link} to="/">
            Go to the start page
          </Button>
        }
      >
        It was moved or deleted, or it belongs to a tenant that you do not see.
      </EmptyState>
    </Container>
  );
}
