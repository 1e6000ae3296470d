import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Answer } from '../../api/client.ts';
import { ask, useChange } from '../../api/queries.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';

type Size = Answer<'GET /tenants/{tenant}/size'>;

interface DeleteTenantProps {
  /** Undefined: nothing is asked. */
  readonly domain: string | undefined;
  readonly onClose: () => void;
}

/** Asks before a tenant is deleted, with all that goes with it. */
export function DeleteTenant({ domain = '', onClose }: DeleteTenantProps) {
  const size = useQuery({
    ...ask('GET /tenants/{tenant}/size', { params: { tenant: domain } }),
    enabled: domain !== '',
    staleTime: 0,
  });
  const remove = useChange('DELETE /tenants/{tenant}', {
    outdates: ['GET /tenants'],
    done: `${domain} is deleted`,
    showsErrors: true,
  });
  return (
    <ConfirmDialog
      opened={domain !== ''}
      onClose={onClose}
      title={`Delete ${domain}?`}
      touches={size.data === undefined ? [] : touchesOf(size.data)}
      typeToConfirm={domain}
      confirmLabel="Delete tenant"
      onConfirm={() => remove.mutateAsync({ params: { tenant: domain } })}
    >
      {size.isFetching && size.data === undefined ? (
        <Skeleton height={60} />
      ) : (
        'The tenant goes with everything in it. This can’t be undone; an export made before can be imported again.'
      )}
    </ConfirmDialog>
  );
}

const number = new Intl.NumberFormat();

function touchesOf({ resources, integrations, userStores, operators }: Size): string[] {
  const counted = (count: number, one: string, many: string): string[] =>
    count === 0 ? [] : [`${number.format(count)} ${count === 1 ? one : many}`];
  return [
    ...resources.flatMap(({ type, total }) =>
      counted(total, `resource of the type ${type}`, `resources of the type ${type}`),
    ),
    ...counted(
      integrations,
      'integration, whose credentials stop working at once',
      'integrations, whose credentials stop working at once',
    ),
    ...counted(userStores, 'user store', 'user stores'),
    ...counted(operators, 'operator, who can’t sign in any more', 'operators, who can’t sign in any more'),
  ];
}
