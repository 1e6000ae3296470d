import { Group, Table, Text } from '@mantine/core';
import { type Attribute, canBeUnique } from './definition.ts';

/** The attributes of a schema, sub-attributes below their own. */
export function AttributesTable({ attributes }: { readonly attributes: readonly Attribute[] }) {
  const rows = attributes.flatMap((attribute) => [
    { attribute, parent: undefined as string | undefined },
    ...attribute.subAttributes.map((sub) => ({ attribute: sub, parent: attribute.name })),
  ]);
  return (
    // what scrolls is then what has the focus
    <Table.ScrollContainer type="native" minWidth={680} tabIndex={0} role="region" aria-label="Attributes">
      <Table withTableBorder verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {['Attribute', 'Type', 'Mutability', 'Returned', 'Uniqueness', 'Required'].map((title) => (
              <Table.Th key={title}>{title}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ attribute, parent }) => (
            <Table.Tr key={`${parent ?? ''}.${attribute.name}`}>
              <Table.Th
                scope="row"
                pl={parent === undefined ? 'xs' : 'xl'}
                fw={parent === undefined ? 600 : 400}
              >
                <Group gap={4} wrap="nowrap">
                  <Text span inherit>
                    {parent === undefined ? attribute.name : `↳ ${attribute.name}`}
                  </Text>
                </Group>
                {attribute.description !== '' && (
                  <Text size="xs" c="dimmed" fw={400}>
                    {attribute.description}
                  </Text>
                )}
              </Table.Th>
              <Table.Td>{typeText(attribute)}</Table.Td>
              <Table.Td>{attribute.mutability}</Table.Td>
              <Table.Td>{attribute.returned}</Table.Td>
              <Table.Td>{canBeUnique(attribute.type) ? attribute.uniqueness : ''}</Table.Td>
              <Table.Td>{attribute.required ? 'required' : ''}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const typeText = ({ type, multiValued, caseExact, canonicalValues, referenceTypes }: Attribute): string =>
  [
    multiValued ? `${type}, many` : type,
    caseExact && type === 'string' ? 'case exact' : '',
    canonicalValues.length > 0 ? `such as ${canonicalValues.join(', ')}` : '',
    referenceTypes.length > 0 ? `to ${referenceTypes.join(', ')}` : '',
  ]
    .filter((part) => part !== '')
    .join('; ');
