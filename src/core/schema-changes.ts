import type { JsonPath } from './definition-error.ts';
import { LABELS_ONLY } from './index-values.ts';
import type { Attribute, Schema } from './schema.ts';

/** A part of a change of a schema that must wait until no resource has certain values. */
export interface SchemaObstacle {
  /** Whose values: of the whole schema, where those of the attribute alone can't be told. */
  readonly of: Attribute | 'schema';
  /** What can't be done, up to the colon before the reason. */
  readonly refusal: string;
  /** Where in the JSON of the schema as it is to be. */
  readonly path: JsonPath;
  /** Whether it stands only where the schema extends a type. */
  readonly ofExtensionsOnly: boolean;
}

/**
 * What of a change of a schema would leave stored resources wrong: attributes that go, or whose values would be compared, kept
 * or shown in another way, and attributes that become required.
 */
export function schemaObstacles(before: Schema, after: Schema): SchemaObstacle[] {
  const obstacles = attributeObstacles(before.attributes, after.attributes, ['attributes'], undefined);
  // index rows say of an extension whether it is there only where it can have values that nobody sees
  const [first] = before.attributes.some(hasHidden) ? [] : after.attributes.filter(hasHidden);
  if (first !== undefined)
    obstacles.push({
      of: 'schema',
      refusal: `${first.name} can't be the first attribute of the schema that is never returned`,
      path: ['attributes', after.attributes.indexOf(first)],
      ofExtensionsOnly: true,
    });
  return obstacles;
}

const hasHidden = (attribute: Attribute): boolean => attribute.hasHidden;

/** @param parent the attribute as it was, of sub-attributes */
function attributeObstacles(
  before: readonly Attribute[],
  after: readonly Attribute[],
  path: JsonPath,
  parent: Attribute | undefined,
): SchemaObstacle[] {
  const lower = ({ name }: Attribute): string => name.toLowerCase();
  const textOf = ({ name }: Attribute): string => (parent === undefined ? name : `${parent.name}.${name}`);
  const removed = before
    .filter((old) => !after.some((now) => lower(now) === lower(old)))
    .map((old) => obstacle(valuesOf(old, parent), `${textOf(old)} can't be removed`, path));
  const others = after.flatMap((now, index) => {
    const here = [...path, index];
    const old = before.find((one) => lower(one) === lower(now));
    const found: SchemaObstacle[] = [];
    if (now.required && now.mutability !== 'readOnly' && old?.required !== true)
      found.push(
        obstacle(
          parent === undefined ? 'schema' : valuesOf(parent, undefined),
          `${textOf(now)} can't be required`,
          [...here, 'required'],
        ),
      );
    if (old === undefined) return found;
    for (const [characteristic, of] of KINDS)
      if (of(old) !== of(now))
        found.push(
          obstacle(valuesOf(old, parent), `"${characteristic}" of ${textOf(now)} can't change`, [
            ...here,
            characteristic,
          ]),
        );
    return [
      ...found,
      ...attributeObstacles(old.subAttributes, now.subAttributes, [...here, 'subAttributes'], old),
    ];
  });
  return [...removed, ...others];
}

const obstacle = (of: SchemaObstacle['of'], refusal: string, path: JsonPath): SchemaObstacle => ({
  ...{ of, refusal, path, ofExtensionsOnly: false },
});

/** What decides how values are stored, by the characteristic that says it. */
const KINDS: readonly (readonly [characteristic: string, of: (attribute: Attribute) => unknown])[] = [
  ['name', ({ name }) => name],
  ['type', ({ type }) => type],
  ['multiValued', ({ multiValued }) => multiValued],
  ['caseExact', ({ caseExact }) => caseExact],
  ['uniqueness', ({ uniqueness }) => uniqueness === 'none'],
  ['mutability', ({ mutability }) => mutability === 'readOnly'],
  ['returned', ({ isHidden }) => isHidden],
];

/** Whose index rows tell whether there are values of an attribute: hidden ones have none, and labels stand beside others. */
function valuesOf(attribute: Attribute, parent: Attribute | undefined): Attribute | 'schema' {
  if (attribute.hasHidden) return 'schema';
  return parent !== undefined && attribute.isLabel ? valuesOf(parent, undefined) : attribute;
}

/** The path of the index rows of an attribute, or what their paths begin with. */
export const indexPathOf = ({ type, indexPath }: Attribute): string =>
  type === 'complex' ? indexPath + LABELS_ONLY : indexPath;
