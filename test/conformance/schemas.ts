/** An attribute as a schema resource defines it (RFC 7643 section 7). */
export interface AttributeJson {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly AttributeJson[];
}

/** All attributes of schemas, sub-attributes included. */
export const everyAttribute = (
  definitions: readonly { readonly attributes?: readonly AttributeJson[] }[],
): AttributeJson[] => definitions.flatMap(({ attributes = [] }) => attributes.flatMap(withSubAttributes));

const withSubAttributes = (attribute: AttributeJson): AttributeJson[] => [
  attribute,
  ...(attribute.subAttributes ?? []).flatMap(withSubAttributes),
];
