import { Button, Checkbox, Group, Paper, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import {
  type Attribute,
  canBeUnique,
  type Definition,
  hasCase,
  MUTABILITIES,
  NEW_ATTRIBUTE,
  RETURNED,
  TYPES,
} from './definition.ts';

interface FormValues extends Record<string, unknown> {
  readonly definition: Definition;
}

interface AttributeRowsProps<Values extends FormValues> {
  readonly form: Pick<
    UseFormReturnType<Values>,
    'getInputProps' | 'insertListItem' | 'removeListItem' | 'getValues'
  >;
  /** Of the list in the form. */
  readonly path: string;
  /** The complex attribute that they are sub-attributes of. */
  readonly parent?: string;
}

/** The attributes of a schema, or the sub-attributes of one of them, each to be edited. */
export function AttributeRows<Values extends FormValues>({ form, path, parent }: AttributeRowsProps<Values>) {
  const attributes = at(form.getValues(), path) as readonly Attribute[];
  const what = parent === undefined ? 'attribute' : 'sub-attribute';
  return (
    <Stack gap="sm">
      <Text fw={600} size="sm">
        {parent === undefined ? 'Attributes' : `Sub-attributes of ${parent === '' ? 'it' : parent}`}
      </Text>
      {attributes.map((attribute, index) => {
        const here = `${path}.${index}`;
        const label = attribute.name === '' ? `${what} ${index + 1}` : attribute.name;
        return (
          <Paper key={here} withBorder p="sm" role="group" aria-label={label}>
            <Stack gap="xs">
              <Group gap="xs" align="flex-start">
                <TextInput
                  label="Name"
                  flex="1 1 12rem"
                  autoComplete="off"
                  spellCheck={false}
                  {...form.getInputProps(`${here}.name`)}
                />
                <Choice
                  label="Type"
                  data={parent === undefined ? TYPES : TYPES.filter((type) => type !== 'complex')}
                  {...form.getInputProps(`${here}.type`)}
                />
                <Choice
                  label="Mutability"
                  data={MUTABILITIES}
                  {...form.getInputProps(`${here}.mutability`)}
                />
                <Choice label="Returned" data={RETURNED} {...form.getInputProps(`${here}.returned`)} />
                {canBeUnique(attribute.type) && (
                  <Choice
                    label="Uniqueness"
                    data={['none', 'server', 'global']}
                    {...form.getInputProps(`${here}.uniqueness`)}
                  />
                )}
              </Group>
              <TextInput
                label="Description"
                autoComplete="off"
                {...form.getInputProps(`${here}.description`)}
              />
              {attribute.type === 'string' && (
                <TagsInput
                  label="Canonical values"
                  description="Suggestions; other values are taken, too."
                  {...form.getInputProps(`${here}.canonicalValues`)}
                />
              )}
              {attribute.type === 'reference' && (
                <TagsInput
                  label="Reference types"
                  description="Names of resource types, external or uri."
                  {...form.getInputProps(`${here}.referenceTypes`)}
                />
              )}
              <Group gap="md">
                <Checkbox
                  label="Many values"
                  {...form.getInputProps(`${here}.multiValued`, { type: 'checkbox' })}
                />
                <Checkbox
                  label="Required"
                  {...form.getInputProps(`${here}.required`, { type: 'checkbox' })}
                />
                {hasCase(attribute.type) && (
                  <Checkbox
                    label="Case exact"
                    {...form.getInputProps(`${here}.caseExact`, { type: 'checkbox' })}
                  />
                )}
                <Button
                  ml="auto"
                  variant="subtle"
                  color="red"
                  size="compact-sm"
                  leftSection={<IconTrash size={16} aria-hidden />}
                  aria-label={`Remove ${label}`}
                  onClick={() => form.removeListItem(path as never, index)}
                >
                  Remove
                </Button>
              </Group>
              {attribute.type === 'complex' && (
                <AttributeRows form={form} path={`${here}.subAttributes`} parent={attribute.name} />
              )}
            </Stack>
          </Paper>
        );
      })}
      <Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => form.insertListItem(path as never, NEW_ATTRIBUTE as never)}
        >
          Add {what}
        </Button>
      </Group>
    </Stack>
  );
}

const Choice = (props: React.ComponentProps<typeof Select>) => (
  <Select {...props} allowDeselect={false} w={140} />
);

/** A part of the values of a form. */
const at = (values: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], values);
