import { Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useChange } from '../../api/queries.ts';
import { newResource } from './form-values.ts';
import { placeOf } from './places.tsx';
import { ResourceForm } from './resource-form.tsx';
import type { TypeView } from './type-view.ts';

interface CreateDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly tenant: string;
  readonly view: TypeView | undefined;
}

/** Creates a resource, and goes to its page. */
export function CreateDialog({ opened, onClose, tenant, view }: CreateDialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Create ${placeOf(view?.name ?? '').one}`}
      size="xl"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {view !== undefined && <CreateForm onClose={onClose} tenant={tenant} view={view} />}
    </Modal>
  );
}

function CreateForm({
  onClose,
  tenant,
  view,
}: Omit<CreateDialogProps, 'opened'> & { readonly view: TypeView }) {
  const navigate = useNavigate();
  const { one } = placeOf(view.name);
  const create = useChange('POST /tenants/{tenant}/resources/{type}', {
    outdates: ['GET /tenants/{tenant}/resources/{type}', 'GET /tenants/{tenant}/resource-types'],
    done: `The ${one} is created`,
    showsErrors: true,
  });
  return (
    <ResourceForm
      tenant={tenant}
      view={view}
      resource={undefined}
      submitLabel={`Create ${one}`}
      onCancel={onClose}
      onSubmit={async (drafts) => {
        const params = { tenant, type: view.name };
        const created = await create.mutateAsync({ params, body: newResource(view, drafts) });
        const id = String(created.id);
        if (view.name === 'User') await navigate({ to: '/t/$tenant/users/$id', params: { tenant, id } });
        else if (view.name === 'Group')
          await navigate({ to: '/t/$tenant/groups/$id', params: { tenant, id } });
        else await navigate({ to: '/t/$tenant/resources/$type/$id', params: { ...params, id } });
      }}
    />
  );
}
