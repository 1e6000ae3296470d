import { SimpleGrid, Stack, Table, Tabs, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { ApiError } from '../../api/error.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { AttributeField } from './attribute-field.tsx';
import { textOf, titleOf } from './columns.tsx';
import { type Drafts, draftsOf, fieldOf, isEdited, jsonOf, sectionKey, valueIn } from './form-values.ts';
import { type Attribute, isMembership, type Resource, type Section, type TypeView } from './type-view.ts';

interface ResourceFormProps {
  readonly tenant: string;
  readonly view: TypeView;
  /** Undefined: a new one. */
  readonly resource: Resource | undefined;
  readonly submitLabel: string;
  readonly onCancel?: () => void;
  /** @param before what the form began with */
  readonly onSubmit: (after: Drafts, before: Drafts) => Promise<unknown>;
}

/** A form with a field for everything that the schemas of a type have. */
export function ResourceForm({ tenant, view, resource, submitLabel, onCancel, onSubmit }: ResourceFormProps) {
  const isNew = resource === undefined;
  const [before] = useState(() => beginningOf(view, resource));
  const [tab, setTab] = useState<string | null>(sectionKey(0));
  const form = useApiForm<Drafts>({
    initialValues: before,
    validate: (drafts) => complaints(view, drafts, resource),
    submit: async (drafts) => {
      try {
        await onSubmit(drafts, before);
      } catch (error) {
        throw atFields(view, error);
      }
    },
  });
  const wrong = Object.keys(form.errors);
  const wrongTab = wrong[0]?.split('.')[0];
  useEffect(() => {
    if (wrongTab !== undefined) setTab(wrongTab);
  }, [wrongTab]);
  const fieldsOf = (section: Section, index: number) => (
    <SectionFields
      tenant={tenant}
      view={view}
      section={section}
      at={sectionKey(index)}
      form={form}
      resource={resource}
      isNew={isNew}
    />
  );
  const [core, ...extensions] = view.sections;
  if (core === undefined) return null;
  return (
    <ApiForm form={form} submitLabel={submitLabel} {...(onCancel !== undefined && { onCancel })}>
      {extensions.length === 0 ? (
        fieldsOf(core, 0)
      ) : (
        <Tabs value={tab} onChange={setTab} keepMounted>
          <Tabs.List mb="md" aria-label="Schemas">
            {view.sections.map((section, index) => (
              <Tabs.Tab
                key={section.urn}
                value={sectionKey(index)}
                rightSection={
                  wrong.some((path) => path.split('.')[0] === sectionKey(index)) && (
                    <IconAlertCircle size={16} color="var(--mantine-color-error)" aria-label="has errors" />
                  )
                }
              >
                {section.name}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {view.sections.map((section, index) => (
            <Tabs.Panel key={section.urn} value={sectionKey(index)}>
              {!section.isCore && (
                <Text size="xs" c="dimmed" ff="monospace" mb="sm">
                  {section.urn}
                </Text>
              )}
              {fieldsOf(section, index)}
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </ApiForm>
  );
}

/** What a new user begins as is what most are. */
function beginningOf(view: TypeView, resource: Resource | undefined): Drafts {
  const drafts = draftsOf(view, resource);
  const core = drafts[sectionKey(0)];
  if (resource === undefined && core !== undefined && 'active' in core) core.active = 'true';
  return drafts;
}

const REQUIRED = 'Give a value: the schema requires one.';

/** What is wrong with what was typed, as far as the schema tells. */
function complaints(view: TypeView, drafts: Drafts, resource: Resource | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [index, section] of view.sections.entries()) {
    const values = drafts[sectionKey(index)] ?? {};
    const isUsed =
      section.isCore ||
      section.isRequired ||
      section.attributes.some((attribute) => jsonOf(attribute, values[attribute.name]) !== undefined);
    if (!isUsed) continue;
    for (const attribute of section.attributes) {
      const has = valueIn(section, resource, attribute.name) !== undefined;
      if (!isEdited(view.name, section, attribute, resource === undefined, has)) continue;
      if (attribute.required && jsonOf(attribute, values[attribute.name]) === undefined)
        found[`${sectionKey(index)}.${attribute.name}`] = REQUIRED;
    }
  }
  return found;
}

/** What the server says about an attribute, at its field. */
function atFields(view: TypeView, error: unknown): unknown {
  if (!(error instanceof ApiError) || error.fields.length === 0) return error;
  const { status, type, title, message, requestId, scimType } = error;
  return new ApiError(status, {
    ...{ type, title, detail: message },
    ...(requestId !== undefined && { requestId }),
    ...(scimType !== undefined && { scimType }),
    fields: error.fields.map((field) => ({ path: fieldOf(view, field.path), message: field.message })),
  });
}

interface SectionFieldsProps {
  readonly tenant: string;
  readonly view: TypeView;
  readonly section: Section;
  readonly at: string;
  readonly form: ReturnType<typeof useApiForm<Drafts>>;
  readonly resource: Resource | undefined;
  readonly isNew: boolean;
}

/** Short fields beside each other, then those that take more room. */
function SectionFields({ tenant, view, section, at, form, resource, isNew }: SectionFieldsProps) {
  const shown = section.attributes.filter((attribute) => !isMembership(view.name, section, attribute));
  const has = ({ name }: Attribute) => valueIn(section, resource, name) !== undefined;
  const edited = shown.filter((attribute) => isEdited(view.name, section, attribute, isNew, has(attribute)));
  const fixed = shown.filter((attribute) => !edited.includes(attribute) && has(attribute));
  const isShort = ({ type, multiValued }: Attribute) => type !== 'complex' && !multiValued;
  const field = (attribute: Attribute, index: number) => (
    <AttributeField
      key={attribute.name}
      form={form}
      path={`${at}.${attribute.name}`}
      attribute={attribute}
      tenant={tenant}
      isFirst={isNew && section.isCore && isShort(attribute) && index === 0}
    />
  );
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        {edited.filter(isShort).map(field)}
      </SimpleGrid>
      {edited.filter((attribute) => !isShort(attribute) && !attribute.multiValued).map(field)}
      {edited.filter(({ multiValued }) => multiValued).map(field)}
      {fixed.length > 0 && (
        <Table withRowBorders={false} verticalSpacing={4} aria-label="What can’t be changed">
          <Table.Tbody>
            {fixed.map((attribute) => (
              <Table.Tr key={attribute.name}>
                <Table.Th w="40%" fw={500} fz="sm">
                  {titleOf(attribute.name)}
                </Table.Th>
                <Table.Td>{textOf(valueIn(section, resource, attribute.name))}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}
