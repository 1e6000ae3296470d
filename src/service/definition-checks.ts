import type { Definitions, Registry } from '../core/registry.ts';
import { resourceTypeNamed, schemaNamed } from '../core/registry.ts';
import type { ResourceType } from '../core/resource-type.ts';
import type { Schema } from '../core/schema.ts';
import type { Tenant } from '../storage/directory.ts';
import { ServiceError } from './service-error.ts';

/** A schema that a tenant has defined, and the resource types that have it. */
export interface DefinedSchema {
  readonly schema: Schema;
  readonly uses: readonly {
    readonly type: string;
    readonly as: 'core' | 'extension';
    readonly required: boolean;
  }[];
}

/** What a tenant has defined at a time. */
export interface Current {
  readonly revision: number;
  readonly definitions: Definitions;
  readonly registry: Registry;
}

/** Most schemas, and most resource types, of one tenant. */
const MAX_DEFINITIONS = 100;

export const isNamed =
  (urn: string) =>
  (other: string): boolean =>
    other.toLowerCase() === urn.toLowerCase();

export const resources = (count: number, type: string): string =>
  `${count} ${count === 1 ? 'resource' : 'resources'} of type ${type}`;

export function definedSchema({ definitions, registry }: Current, urn: string): DefinedSchema | undefined {
  const schema = definitions.schemas.some(({ id }) => isNamed(urn)(id))
    ? schemaNamed(registry, urn)
    : undefined;
  if (schema === undefined) return undefined;
  const uses = registry.resourceTypes.flatMap((type): DefinedSchema['uses'] => {
    if (isNamed(urn)(type.schema.id)) return [{ type: type.name, as: 'core', required: true }];
    const extension = type.extensionByUrn.get(urn.toLowerCase());
    return extension === undefined
      ? []
      : [{ type: type.name, as: 'extension', required: extension.required }];
  });
  return { schema, uses };
}

export function requireType(registry: Registry, name: string): ResourceType {
  const type = resourceTypeNamed(registry, name);
  if (type !== undefined) return type;
  const names = registry.resourceTypes.map((known) => known.name).join(', ');
  throw new ServiceError('notFound', `There is no resource type ${name} to extend; there are ${names}.`);
}

export function requireExtendable(type: ResourceType, urn: string): void {
  if (isNamed(urn)(type.schema.id))
    throw new ServiceError('conflict', `${urn} is the core schema of ${type.name}: it can't extend itself.`);
  if (type.extensionByUrn.has(urn.toLowerCase()))
    throw new ServiceError('conflict', `${urn} extends ${type.name} already.`);
}

export function requireRoom(what: string, count: number): void {
  if (count >= MAX_DEFINITIONS)
    throw new ServiceError('conflict', `A tenant has at most ${MAX_DEFINITIONS} ${what} of its own.`);
}

export const whyNotAgain = (urn: string, isExtending: boolean): string =>
  isExtending
    ? `There is another schema ${urn} already: remove it before you add this one.`
    : `There is a schema ${urn} already; it can be made to extend one more resource type, or be replaced.`;

export function unknownSchema(registry: Registry, urn: string, { domain }: Tenant): ServiceError {
  return schemaNamed(registry, urn) === undefined
    ? new ServiceError('notFound', `The tenant ${domain} has defined no schema ${urn}.`)
    : new ServiceError('conflict', `${urn} is built in: it can be neither changed nor removed.`);
}

export function unknownType(found: ResourceType | undefined, name: string, { domain }: Tenant): ServiceError {
  return found === undefined
    ? new ServiceError('notFound', `The tenant ${domain} has defined no resource type ${name}.`)
    : new ServiceError('conflict', `${name} is built in: it can't be removed.`);
}
