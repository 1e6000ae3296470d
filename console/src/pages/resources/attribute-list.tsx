import { Stack, Table, Text, Title } from '@mantine/core';
import { textOf, titleOf } from './columns.tsx';
import { valueIn } from './form-values.ts';
import {
  type Attribute,
  isMembership,
  type Json,
  type Resource,
  type Section,
  type TypeView,
} from './type-view.ts';

interface AttributeListProps {
  readonly view: TypeView;
  readonly resource: Resource;
}

/** All that a resource has, for those who read. */
export function AttributeList({ view, resource }: AttributeListProps) {
  return (
    <Stack gap="lg">
      {view.sections.map((section) => {
        const rows = rowsOf(view, section, resource);
        if (rows.length === 0) return null;
        return (
          <div key={section.urn}>
            {view.sections.length > 1 && (
              <Title order={2} size="h4" mb="xs">
                {section.name}
              </Title>
            )}
            <Table aria-label={section.name} withTableBorder>
              <Table.Tbody>
                {rows.map(([attribute, value]) => (
                  <Table.Tr key={attribute.name}>
                    <Table.Th w="35%" fw={500}>
                      {titleOf(attribute.name)}
                    </Table.Th>
                    <Table.Td>
                      {asList(value).map((each, index) => (
                        <Text size="sm" key={index}>
                          {partsText(each)}
                        </Text>
                      ))}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        );
      })}
    </Stack>
  );
}

const rowsOf = (view: TypeView, section: Section, resource: Resource): [Attribute, Json][] =>
  section.attributes.flatMap((attribute): [Attribute, Json][] => {
    const value = valueIn(section, resource, attribute.name);
    return value === undefined || isMembership(view.name, section, attribute) ? [] : [[attribute, value]];
  });

const asList = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);

/** All parts of a value, named. */
function partsText(value: Json): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return textOf(value);
  return Object.entries(value)
    .map(([name, part]) =>
      name === 'value' ? textOf(part) : `${titleOf(name).toLowerCase()}: ${textOf(part)}`,
    )
    .join(' · ');
}
