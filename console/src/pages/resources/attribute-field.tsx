import {
  ActionIcon,
  Autocomplete,
  Button,
  Card,
  Checkbox,
  Fieldset,
  Group,
  Input,
  PasswordInput,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ApiFormState } from '../../ui/use-api-form.ts';
import { titleOf } from './columns.tsx';
import { type Draft, type Drafts, draftOf, editedParts } from './form-values.ts';
import { ResourcePicker } from './resource-picker.tsx';
import { setDraft } from './set-draft.ts';
import type { Attribute } from './type-view.ts';

interface FieldProps {
  readonly form: ApiFormState<Drafts>;
  /** Where in the form. */
  readonly path: string;
  readonly attribute: Attribute;
  readonly tenant: string;
  /** Whether it is where typing begins when the form opens. */
  readonly isFirst?: boolean;
}

/** The field, or the fields, of an attribute. */
export function AttributeField(props: FieldProps) {
  const { attribute } = props;
  if (attribute.multiValued) return <ListField {...props} />;
  if (attribute.type === 'complex') return <ComplexField {...props} />;
  return <SimpleField {...props} describes />;
}

const labelOf = (attribute: Attribute): string => titleOf(attribute.name);

interface SimpleFieldProps extends FieldProps {
  /** Whether what the schema says stands below the label. */
  readonly describes?: boolean;
  /** Absent: that of the attribute. */
  readonly label?: string;
}

const HINTS: Readonly<Partial<Record<Attribute['type'], string>>> = {
  dateTime: '2026-11-22T09:30:00Z',
  reference: 'https://…',
  binary: 'base64',
};

function SimpleField({
  form,
  path,
  attribute,
  describes = false,
  label = labelOf(attribute),
  isFirst = false,
}: SimpleFieldProps) {
  const { type, canonicalValues, required = false, description } = attribute;
  const common = {
    label,
    withAsterisk: required,
    ...(describes && description !== undefined && description !== '' && { description }),
    ...form.getInputProps(path),
    ...(isFirst && { 'data-autofocus': true }),
  };
  if (type === 'boolean')
    return (
      <Select
        {...common}
        data={[
          { value: 'true', label: 'Yes' },
          { value: 'false', label: 'No' },
        ]}
        placeholder="Not set"
        value={(common.value as string) || null}
        onChange={(value) => setDraft(form, path, value ?? '')}
        clearable={!required}
        clearButtonProps={{ 'aria-label': `Clear ${label}` }}
      />
    );
  if (attribute.mutability === 'writeOnly')
    return <PasswordInput {...common} autoComplete="new-password" maxLength={1000} />;
  if (canonicalValues !== undefined && canonicalValues.length > 0)
    return <Autocomplete {...common} data={[...canonicalValues]} autoComplete="off" />;
  return (
    <TextInput
      {...common}
      autoComplete="off"
      {...(type === 'integer' && { inputMode: 'numeric' as const })}
      {...(type === 'decimal' && { inputMode: 'decimal' as const })}
      {...(HINTS[type] !== undefined && { placeholder: HINTS[type] })}
    />
  );
}

function ComplexField({ form, path, attribute, tenant }: FieldProps) {
  const { error } = form.getInputProps(path) as { error?: string };
  return (
    <Fieldset legend={<Legend attribute={attribute} />}>
      <Stack gap="sm">
        <Parts form={form} path={path} attribute={attribute} tenant={tenant} />
        {error !== undefined && <Input.Error>{error}</Input.Error>}
      </Stack>
    </Fieldset>
  );
}

function Legend({ attribute }: Pick<FieldProps, 'attribute'>) {
  return (
    <Text span size="sm" fw={500}>
      {labelOf(attribute)}
      {attribute.required === true && (
        <Text span c="var(--mantine-color-error)" aria-hidden>
          {' '}
          *
        </Text>
      )}
    </Text>
  );
}

/** The parts of a complex value. */
function Parts({
  form,
  path,
  attribute,
  tenant,
  onPrimary,
}: FieldProps & { readonly onPrimary?: () => void }) {
  const types = referredTypes(attribute);
  const parts = editedParts(attribute);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {parts.map((sub) => {
        const at = `${path}.${sub.name}`;
        if (sub.name === 'value' && types.length > 0)
          return (
            <ResourcePicker
              key={sub.name}
              form={form}
              path={at}
              types={types}
              tenant={tenant}
              label={labelOf(attribute)}
            />
          );
        if (sub.multiValued)
          return <ListField key={sub.name} form={form} path={at} attribute={sub} tenant={tenant} />;
        if (sub.type === 'boolean' && onPrimary !== undefined && sub.name === 'primary')
          return (
            <Checkbox
              key={sub.name}
              label="Primary"
              mt={{ base: 0, xs: 30 }}
              checked={form.getInputProps(at).value === 'true'}
              onChange={({ currentTarget }) => {
                if (currentTarget.checked) onPrimary();
                setDraft(form, at, currentTarget.checked ? 'true' : '');
              }}
            />
          );
        return <SimpleField key={sub.name} form={form} path={at} attribute={sub} tenant={tenant} />;
      })}
    </SimpleGrid>
  );
}

/** The resource types that a complex value points to; none where it does not. */
const referredTypes = ({ subAttributes = [] }: Attribute): readonly string[] =>
  (subAttributes.find(({ name }) => name === '$ref')?.referenceTypes ?? []).filter(
    (type) => type !== 'external' && type !== 'uri',
  );

function ListField({ form, path, attribute, tenant }: FieldProps) {
  const { value, error } = form.getInputProps(path) as { value?: Draft[]; error?: string };
  const drafts = Array.isArray(value) ? value : [];
  const single = { ...attribute, multiValued: false };
  const label = labelOf(attribute);
  const add = (
    <Button
      size="compact-sm"
      variant="light"
      leftSection={<IconPlus size={14} aria-hidden />}
      aria-label={`Add to ${label}`}
      onClick={() => form.insertListItem(path, draftOf(single, undefined))}
    >
      Add
    </Button>
  );
  const clearPrimary = () =>
    drafts.forEach((_, index) => {
      setDraft(form, `${path}.${index}.primary`, '');
    });
  if (drafts.length === 0)
    return (
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <div>
          <Legend attribute={attribute} />
          {error !== undefined && <Input.Error>{error}</Input.Error>}
        </div>
        {add}
      </Group>
    );
  return (
    <Fieldset legend={<Legend attribute={attribute} />}>
      <Stack gap="sm">
        {drafts.map((_, index) => {
          const at = `${path}.${index}`;
          const remove = (
            <Tooltip label="Remove">
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={`Remove ${label} ${index + 1}`}
                onClick={() => form.removeListItem(path, index)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          );
          return attribute.type === 'complex' ? (
            // the drafts of a list have no names of their own
            <Card key={index} withBorder padding="sm">
              <Group justify="space-between" mb={4}>
                <Text size="xs" c="dimmed">
                  {label} {index + 1}
                </Text>
                {remove}
              </Group>
              <Parts form={form} path={at} attribute={single} tenant={tenant} onPrimary={clearPrimary} />
            </Card>
          ) : (
            <Group key={index} gap="xs" align="flex-end" wrap="nowrap">
              <div style={{ flex: 1 }}>
                <SimpleField
                  form={form}
                  path={at}
                  attribute={single}
                  tenant={tenant}
                  label={`${label} ${index + 1}`}
                />
              </div>
              {remove}
            </Group>
          );
        })}
        {error !== undefined && <Input.Error>{error}</Input.Error>}
        <Group>{add}</Group>
      </Stack>
    </Fieldset>
  );
}
