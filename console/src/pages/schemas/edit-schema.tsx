import { Checkbox, Group, SegmentedControl, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError } from '../../api/error.ts';
import { ask, useChange } from '../../api/queries.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { TextLink } from '../../ui/links.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { AttributeRows } from './attribute-rows.tsx';
import {
  definitionJson,
  type JsonDefinition,
  NEW_DEFINITION,
  readDefinition,
  type Schema,
} from './definition.ts';
import { lineOf } from './json-place.ts';

const newRoute = getRouteApi('/in/t/$tenant/schemas/new');

/** The page that adds a schema. */
export function AddSchema() {
  const { tenant } = newRoute.useParams();
  return (
    <>
      <PageHeader
        title="Add schema"
        description="Attributes of your own, for users and groups or for a resource type of your own."
        above={[
          <TextLink key="schemas" to="/t/$tenant/schemas" params={{ tenant }}>
            Schemas
          </TextLink>,
        ]}
      />
      <EditSchema tenant={tenant} schema={undefined} />
    </>
  );
}

interface EditSchemaProps {
  readonly tenant: string;
  /** undefined: a new one. */
  readonly schema: Schema | undefined;
}

/** A schema in a form, or as JSON. */
export function EditSchema({ tenant, schema }: EditSchemaProps) {
  const navigate = useNavigate();
  const [mode, setMode] = useState<'form' | 'json'>('form');
  const options = {
    outdates: ['GET /tenants/{tenant}/schemas', 'GET /tenants/{tenant}/resource-types'],
    done: 'The schema is saved',
    showsErrors: true,
  } as const;
  const add = useChange('POST /tenants/{tenant}/schemas', options);
  const replace = useChange('PUT /tenants/{tenant}/schemas/{schema}', options);
  const types = useQuery({
    ...ask('GET /tenants/{tenant}/resource-types', { params: { tenant } }),
    enabled: schema === undefined,
  });
  const first = schema === undefined ? NEW_DEFINITION : readDefinition(schema.definition);

  async function save(definition: JsonDefinition, type: string | null, required: boolean): Promise<void> {
    const { id } =
      schema === undefined
        ? await add.mutateAsync({
            params: { tenant },
            body: { definition, ...(type && { extends: { type, required } }) },
          })
        : await replace.mutateAsync({ params: { tenant, schema: schema.id }, body: { definition } });
    await navigate({ to: '/t/$tenant/schemas/$schema', params: { tenant, schema: id } });
  }

  const form = useApiForm({
    initialValues: {
      definition: first,
      text: '',
      extends: { type: 'User' as string | null, required: false },
    },
    submit: async (values) => {
      const { type, required } = values.extends;
      if (mode === 'form') return save(definitionJson(values.definition), type, required);
      const parsed = parse(values.text);
      if (parsed === undefined)
        throw new ApiError(400, { fields: [{ path: 'text', message: 'This is no JSON object.' }] });
      try {
        return await save(parsed, type, required);
      } catch (error) {
        throw error instanceof ApiError ? atLine(error, values.text) : error;
      }
    },
  });

  function turn(to: string): void {
    const { definition, text } = form.getValues();
    if (to === 'json') {
      form.setFieldValue('text', JSON.stringify(definitionJson(definition), null, 2));
      setMode('json');
      return;
    }
    const parsed = parse(text);
    if (parsed === undefined) form.setFieldError('text', 'This is no JSON object.');
    else {
      form.setFieldValue('definition', readDefinition(parsed));
      setMode('form');
    }
  }

  return (
    <ApiForm
      form={form}
      submitLabel={schema === undefined ? 'Add schema' : 'Save'}
      onCancel={() =>
        void navigate(
          schema === undefined
            ? { to: '/t/$tenant/schemas', params: { tenant } }
            : { to: '/t/$tenant/schemas/$schema', params: { tenant, schema: schema.id } },
        )
      }
    >
      <Group>
        <SegmentedControl
          aria-label="How to edit"
          value={mode}
          onChange={turn}
          data={[
            { value: 'form', label: 'Form' },
            { value: 'json', label: 'JSON' },
          ]}
        />
      </Group>
      {mode === 'json' ? (
        <Textarea
          label="JSON"
          description="In the form of RFC 7643 section 7."
          autosize
          minRows={16}
          maxRows={40}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
          {...form.getInputProps('text')}
        />
      ) : (
        <Stack>
          <TextInput
            label="URN"
            description="What clients call it by. It stays."
            placeholder="urn:example:params:scim:schemas:extension:badge:2.0:User"
            withAsterisk
            readOnly={schema !== undefined}
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps('definition.id')}
          />
          <TextInput label="Name" autoComplete="off" {...form.getInputProps('definition.name')} />
          <TextInput
            label="Description"
            autoComplete="off"
            {...form.getInputProps('definition.description')}
          />
          <AttributeRows form={form} path="definition.attributes" />
        </Stack>
      )}
      {schema === undefined && (
        <Group align="flex-end">
          <Select
            label="Extends"
            description="A resource type that has it from then on."
            placeholder="Nothing yet"
            clearable
            data={(types.data ?? []).map(({ name }) => name)}
            {...form.getInputProps('extends.type')}
          />
          <Checkbox
            label="Required of all its resources"
            mb={8}
            {...form.getInputProps('extends.required', { type: 'checkbox' })}
          />
        </Group>
      )}
    </ApiForm>
  );
}

function parse(text: string): JsonDefinition | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as JsonDefinition)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A refusal of a definition, told at the line where it is. */
function atLine(error: ApiError, text: string): ApiError {
  const fields = error.fields.map(({ path, message }) => {
    const [root, ...place] = path.split('.');
    return root === 'definition'
      ? { path: 'text', message: `Line ${lineOf(text, place)}: ${message}` }
      : { path, message };
  });
  return new ApiError(error.status, { type: error.type, title: error.title, detail: error.message, fields });
}
