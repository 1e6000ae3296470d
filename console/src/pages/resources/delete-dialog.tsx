import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Answer } from '../../api/client.ts';
import { ask, useChange } from '../../api/queries.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { placeOf } from './places.tsx';
import { nameOf, type Resource } from './type-view.ts';

type Impact = Answer<'GET /tenants/{tenant}/resources/{type}/{id}/impact'>;

interface DeleteDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly tenant: string;
  readonly type: string;
  readonly resource: Resource;
}

/** Asks before a resource is deleted, and says what goes with it. */
export function DeleteDialog({ opened, onClose, tenant, type, resource }: DeleteDialogProps) {
  const navigate = useNavigate();
  const { one } = placeOf(type);
  const params = { tenant, type, id: String(resource.id) };
  const impact = useQuery({
    ...ask('GET /tenants/{tenant}/resources/{type}/{id}/impact', { params }),
    enabled: opened,
    staleTime: 0,
  });
  const remove = useChange('DELETE /tenants/{tenant}/resources/{type}/{id}', {
    outdates: ['GET /tenants/{tenant}/resources/{type}', 'GET /tenants/{tenant}/resource-types'],
    done: `The ${one} is deleted`,
    showsErrors: true,
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Delete ${nameOf(resource)}?`}
      touches={impact.data === undefined ? [] : touchesOf(impact.data)}
      confirmLabel={`Delete ${one}`}
      onConfirm={async () => {
        await remove.mutateAsync({ params });
        if (type === 'User') await navigate({ to: '/t/$tenant/users', params: { tenant } });
        else if (type === 'Group') await navigate({ to: '/t/$tenant/groups', params: { tenant } });
        else await navigate({ to: '/t/$tenant/resources/$type', params: { tenant, type } });
      }}
    >
      {impact.isPending ? (
        <Skeleton height={20} width="80%" />
      ) : (
        `This can’t be undone. ${type === 'User' ? 'The user name becomes free for somebody else.' : ''}`
      )}
    </ConfirmDialog>
  );
}

const number = new Intl.NumberFormat();
const counted = (count: number, one: string, many: string): string =>
  `${number.format(count)} ${count === 1 ? one : many}`;

/** What goes with a resource, in words. */
function touchesOf({ groups, groupsTotal, membersTotal, permissions }: Impact): string[] {
  const names = groups.map(({ display }) => display).join(', ');
  const more = groupsTotal > groups.length ? ' and others' : '';
  return [
    ...(groupsTotal > 0
      ? [`${counted(groupsTotal, 'group', 'groups')} that it leaves: ${names}${more}`]
      : []),
    ...(membersTotal > 0
      ? [`${counted(membersTotal, 'membership', 'memberships')} of the group, which end`]
      : []),
    ...permissions.map((permission) => `The permission ${permission}, which the members lose`),
  ];
}
