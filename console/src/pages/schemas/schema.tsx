import { Button, Checkbox, Modal, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ask, useChange } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { CopyText } from '../../ui/copy.tsx';
import { JsonBlock } from '../../ui/json-block.tsx';
import { LinkButton, TextLink } from '../../ui/links.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Section } from '../../ui/section.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { AttributesTable } from './attributes-table.tsx';
import { readDefinition, type Schema } from './definition.ts';
import { EditSchema } from './edit-schema.tsx';

const route = getRouteApi('/in/t/$tenant/schemas/$schema');

const OUTDATES = {
  outdates: ['GET /tenants/{tenant}/schemas', 'GET /tenants/{tenant}/resource-types'],
  showsErrors: true,
} as const;

/** One schema with its attributes. */
export function SchemaPage() {
  const { tenant, schema: id } = route.useParams();
  const { edit } = route.useSearch();
  const mayChange = useMayChange();
  const query = useQuery(ask('GET /tenants/{tenant}/schemas', { params: { tenant } }));
  const found = query.data?.find((schema) => schema.id === id);
  const isEditing = edit === true && mayChange && found?.isBuiltIn === false;
  return (
    <>
      <PageHeader
        title={found === undefined ? 'Schema' : String(found.definition.name)}
        description={found && <CopyText value={found.id} label="Copy URN" />}
        above={[
          <TextLink key="schemas" to="/t/$tenant/schemas" params={{ tenant }}>
            Schemas
          </TextLink>,
        ]}
        actions={
          mayChange && found?.isBuiltIn === false && !isEditing && <Actions tenant={tenant} schema={found} />
        }
      />
      <Loaded query={query}>
        {() =>
          found === undefined ? (
            <Text>There is no such schema. It may have been deleted meanwhile.</Text>
          ) : isEditing ? (
            <EditSchema tenant={tenant} schema={found} />
          ) : (
            <Details schema={found} />
          )
        }
      </Loaded>
    </>
  );
}

function Details({ schema: { definition, usedBy, isBuiltIn } }: { readonly schema: Schema }) {
  const { description, attributes } = readDefinition(definition);
  return (
    <Stack gap="lg">
      <Stack gap={4}>
        {description !== '' && <Text>{description}</Text>}
        <Text size="sm" c="dimmed">
          {isBuiltIn ? 'Built in: it can’t be changed.' : 'Defined by the tenant.'}{' '}
          {usedBy.length === 0 ? 'No resource type has it.' : `Used by ${usedBy.join(', ')}.`}
        </Text>
      </Stack>
      <AttributesTable attributes={attributes} />
      <Section title="JSON" description="As /Schemas publishes it.">
        <JsonBlock value={definition} label="JSON of the schema" />
      </Section>
    </Stack>
  );
}

function Actions({ tenant, schema }: { readonly tenant: string; readonly schema: Schema }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'extend' | 'delete'>();
  const close = () => setAsking(undefined);
  const remove = useChange('DELETE /tenants/{tenant}/schemas/{schema}', {
    ...OUTDATES,
    done: 'The schema is deleted',
  });
  return (
    <>
      <LinkButton
        to="/t/$tenant/schemas/$schema"
        params={{ tenant, schema: schema.id }}
        search={{ edit: true }}
        variant="default"
      >
        Edit
      </LinkButton>
      <Button variant="default" onClick={() => setAsking('extend')}>
        Extend a type
      </Button>
      <Button variant="light" color="red" onClick={() => setAsking('delete')}>
        Delete
      </Button>
      <Modal opened={asking === 'extend'} onClose={close} title="Extend a resource type">
        <ExtendForm tenant={tenant} schema={schema} onClose={close} />
      </Modal>
      <ConfirmDialog
        opened={asking === 'delete'}
        onClose={close}
        title={`Delete ${String(schema.definition.name)}?`}
        confirmLabel="Delete schema"
        onConfirm={async () => {
          await remove.mutateAsync({ params: { tenant, schema: schema.id } });
          await navigate({ to: '/t/$tenant/schemas', params: { tenant } });
        }}
      >
        {schema.usedBy.length === 0
          ? 'No resource type has it.'
          : `Used by ${schema.usedBy.join(', ')}. As long as resources have values of it, it stays.`}
      </ConfirmDialog>
    </>
  );
}

interface ExtendFormProps {
  readonly tenant: string;
  readonly schema: Schema;
  readonly onClose: () => void;
}

/** Has a schema extend one more resource type. */
function ExtendForm({ tenant, schema, onClose }: ExtendFormProps) {
  const types = useQuery(ask('GET /tenants/{tenant}/resource-types', { params: { tenant } }));
  const extend = useChange('POST /tenants/{tenant}/schemas', {
    ...OUTDATES,
    done: 'The type is extended',
  });
  const form = useApiForm({
    initialValues: { extends: { type: '', required: false } },
    validate: { extends: { type: (type) => ((type ?? '') === '' ? 'Choose a type.' : null) } },
    submit: async (values) => {
      const { definition } = schema;
      await extend.mutateAsync({ params: { tenant }, body: { definition, extends: values.extends } });
      onClose();
    },
  });
  return (
    <ApiForm form={form} submitLabel="Extend" onCancel={onClose}>
      <Select
        label="Resource type"
        withAsterisk
        data={(types.data ?? []).map(({ name }) => name).filter((name) => !schema.usedBy.includes(name))}
        {...form.getInputProps('extends.type')}
      />
      <Checkbox
        label="Required"
        description="Every resource of the type must have it. Possible as long as there are none."
        {...form.getInputProps('extends.required', { type: 'checkbox' })}
      />
    </ApiForm>
  );
}
