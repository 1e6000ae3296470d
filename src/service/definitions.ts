import { checkSchemaFits, checkTypeFits } from '../core/definition-conflicts.ts';
import { readResourceTypeDefinition } from '../core/definition-resource-type.ts';
import { readSchemaDefinition } from '../core/definition-schema.ts';
import { schemaJson } from '../core/discovery.ts';
import type { JsonValue } from '../core/json.ts';
import { BUILT_IN, BUILT_IN_EXTENSIONS, buildRegistry, resourceTypeNamed } from '../core/registry.ts';
import type { ResourceType } from '../core/resource-type.ts';
import { compileSchema, type SchemaDefinition } from '../core/schema.ts';
import type { Actor } from '../storage/audit.ts';
import type { DefinitionChange, StoredDefinition, Tenant } from '../storage/directory.ts';
import type { Storage } from '../storage/storage.ts';
import { SYSTEM_ACTOR } from './actor.ts';
import { auditBy } from './audit.ts';
import { type Clock, timestamp } from './clock.ts';
import {
  type Current,
  type DefinedSchema,
  definedSchema,
  isNamed,
  requireExtendable,
  requireRoom,
  requireType,
  resources,
  unknownSchema,
  unknownType,
  whyNotAgain,
} from './definition-checks.ts';
import { definitionsOf } from './registries.ts';
import { type Plan, planReplacement } from './schema-replacement.ts';
import { ServiceError } from './service-error.ts';

/** A resource type that a schema is to extend. */
interface Extension {
  readonly type: string;
  /** Whether every resource of the type must have it. */
  readonly required: boolean;
}

/** The schemas and resource types that tenants define for themselves. */
export interface TenantDefinitions {
  /**
   * Adds a schema, given as `/Schemas` would publish it; one that is there already can be made to extend another type.
   *
   * @throws DefinitionError when it breaks RFC 7643 section 7 or cannot stand beside the schemas that are there
   * @throws ServiceError when it is there already, or the type cannot have it
   */
  addSchema(tenant: Tenant, json: JsonValue, extension: Extension | undefined): Promise<DefinedSchema>;
  listSchemas(tenant: Tenant): Promise<DefinedSchema[]>;
  /**
   * Puts a schema in the place of the one that has its URN; the types that have it keep it. Attributes can be added; what
   * would leave values that resources have wrong is refused.
   *
   * @param urn of the schema that is there, when the new one must have the same; absent: as the new one says
   * @throws DefinitionError when it breaks RFC 7643 section 7 or cannot stand beside the schemas that are there
   * @throws ServiceError when there is no such schema, or resources stand against the change
   */
  replaceSchema(tenant: Tenant, json: JsonValue, urn?: string): Promise<DefinedSchema>;
  /** @throws ServiceError when there is no such schema, a resource type needs it or a resource has values of it */
  removeSchema(tenant: Tenant, urn: string): Promise<DefinedSchema>;
  /**
   * Adds a resource type, given as `/ResourceTypes` would publish it; its schemas must be there.
   *
   * @throws DefinitionError when it breaks RFC 7643 section 6 or cannot stand beside the types that are there
   * @throws ServiceError when there are too many
   */
  addResourceType(tenant: Tenant, json: JsonValue): Promise<ResourceType>;
  listResourceTypes(tenant: Tenant): Promise<ResourceType[]>;
  /** @throws ServiceError when there is no such type, or there are resources of it */
  removeResourceType(tenant: Tenant, name: string): Promise<ResourceType>;
}

/** How often a change is tried when others come first. */
const ATTEMPTS = 10;

/** What records call what tenants define. */
const TARGET_TYPES: Readonly<Record<StoredDefinition['kind'], string>> = {
  schema: 'Schema',
  resourceType: 'ResourceType',
  extension: 'SchemaExtension',
};

export function createTenantDefinitions({
  storage,
  now,
  actor = SYSTEM_ACTOR,
}: {
  readonly storage: Pick<Storage, 'directory' | 'audit'>;
  readonly now: Clock;
  readonly actor?: Actor;
}): TenantDefinitions {
  const { directory } = storage;
  const append = auditBy({ storage, now }, actor);

  async function current({ id }: Tenant): Promise<Current> {
    // the revision first: what is read then is at least as new
    const revision = await directory.definitionRevision(id);
    const definitions = definitionsOf(await directory.listDefinitions(id));
    return { revision, definitions, registry: buildRegistry(definitions, revision) };
  }

  async function noteChange(
    { id: tenantId }: Tenant,
    { added, replaced = [], removed }: Plan['change'],
  ): Promise<void> {
    const note = (verb: string, { kind, name }: Pick<StoredDefinition, 'kind' | 'name'>): Promise<void> =>
      append(tenantId, { action: `${kind}.${verb}`, target: { type: TARGET_TYPES[kind], id: name, name } });
    for (const definition of added) await note('create', definition);
    for (const definition of replaced) await note('update', definition);
    for (const definition of removed) await note('delete', definition);
  }

  /** Makes a change for what is there at the time; one that came second is thought over again. */
  async function change(tenant: Tenant, planFor: (current: Current) => Plan): Promise<Current> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await current(tenant);
      const plan = planFor(before);
      const outcome = await directory.changeDefinitions(tenant.id, {
        ...plan.change,
        revision: before.revision,
      });
      if (outcome === 'done') {
        await noteChange(tenant, plan.change);
        return current(tenant);
      }
      if (outcome === 'used')
        for (const use of plan.change.unused) {
          const count = await directory.countUse(tenant.id, use);
          if (count > 0) throw plan.inUse(use, count);
        }
    }
    throw new ServiceError('failed', 'The definitions of the tenant keep changing: try again.');
  }

  const row = (kind: StoredDefinition['kind'], name: string, content: object): StoredDefinition => ({
    kind,
    name,
    content: JSON.stringify(content),
    created: timestamp(now()),
  });

  return {
    async addSchema(tenant, json, extension) {
      const definition = readSchemaDefinition(json);
      const key = definition.id.toLowerCase();
      const after = await change(tenant, ({ definitions, registry }) => {
        const type = extension && requireType(registry, extension.type);
        const known = definitions.schemas.find(({ id }) => id.toLowerCase() === key);
        const added: StoredDefinition[] = [];
        if (known === undefined) {
          checkSchemaFits(registry, definition);
          requireRoom('schemas', definitions.schemas.length);
          added.push(row('schema', key, definition));
        } else if (type === undefined || publishedText(known) !== publishedText(definition)) {
          throw new ServiceError('conflict', whyNotAgain(known.id, type !== undefined));
        }
        if (type === undefined || extension === undefined) return planOf({ added });
        requireExtendable(type, definition.id);
        const { required } = extension;
        added.push(
          row('extension', `${type.name} ${key}`, { type: type.name, schema: definition.id, required }),
        );
        return {
          change: {
            added,
            removed: [],
            unused: required ? [{ type: type.name, path: undefined }] : [],
          },
          inUse: (_, count) =>
            inUse(
              `${definition.id} can't be required: ${resources(count, type.name)} would lack it. Add it as one that is not required.`,
            ),
        };
      });
      return definedSchema(after, definition.id) as DefinedSchema;
    },

    async listSchemas(tenant) {
      const there = await current(tenant);
      return there.definitions.schemas.flatMap(({ id }) => definedSchema(there, id) ?? []);
    },

    async replaceSchema(tenant, json, urn) {
      const definition = readSchemaDefinition(json);
      const after = await change(tenant, (before) =>
        planReplacement(before, tenant, urn ?? definition.id, definition),
      );
      return definedSchema(after, definition.id) as DefinedSchema;
    },

    async removeSchema(tenant, urn) {
      let found: DefinedSchema | undefined;
      await change(tenant, (before) => {
        found = definedSchema(before, urn);
        if (found === undefined) throw unknownSchema(before.registry, urn, tenant);
        const { schema } = found;
        const holder = before.definitions.resourceTypes.find((type) =>
          [type.schema, ...type.extensions.map((extension) => extension.schema)].some(isNamed(schema.id)),
        );
        if (holder !== undefined)
          throw new ServiceError(
            'conflict',
            `The resource type ${holder.name} has the schema ${schema.id}: remove the type before it.`,
          );
        const extended = before.definitions.extensions.filter((extension) =>
          isNamed(schema.id)(extension.schema),
        );
        const key = schema.id.toLowerCase();
        return {
          change: {
            added: [],
            removed: [
              { kind: 'schema', name: key },
              ...extended.map(({ type }) => ({ kind: 'extension' as const, name: `${type} ${key}` })),
            ],
            unused: extended.map(({ type }) => ({ type, path: schema.indexPrefix })),
          },
          inUse: ({ type }, count) =>
            inUse(
              `${resources(count, type)} ${count === 1 ? 'has' : 'have'} values of ${schema.id}: remove the values or the resources before the schema.`,
            ),
        };
      });
      return found as unknown as DefinedSchema;
    },

    async addResourceType(tenant, json) {
      const definition = readResourceTypeDefinition(json);
      const after = await change(tenant, ({ definitions, registry }) => {
        checkTypeFits(registry, definition, (urn, as) =>
          (as === 'core' ? definitions.schemas : [...definitions.schemas, ...BUILT_IN_EXTENSIONS]).some(
            ({ id }) => isNamed(urn)(id),
          ),
        );
        requireRoom('resource types', definitions.resourceTypes.length);
        return planOf({ added: [row('resourceType', definition.name, definition)] });
      });
      return resourceTypeNamed(after.registry, definition.name) as ResourceType;
    },

    async listResourceTypes(tenant) {
      const { definitions, registry } = await current(tenant);
      return definitions.resourceTypes.flatMap(({ name }) => resourceTypeNamed(registry, name) ?? []);
    },

    async removeResourceType(tenant, name) {
      let found: ResourceType | undefined;
      await change(tenant, ({ definitions, registry }) => {
        found = resourceTypeNamed(registry, name);
        if (found === undefined || resourceTypeNamed(BUILT_IN, name) !== undefined)
          throw unknownType(found, name, tenant);
        const extended = definitions.extensions.filter(({ type }) => type === name);
        return {
          change: {
            added: [],
            removed: [
              { kind: 'resourceType', name },
              ...extended.map(({ schema }) => ({
                kind: 'extension' as const,
                name: `${name} ${schema.toLowerCase()}`,
              })),
            ],
            unused: [{ type: name, path: undefined }],
          },
          inUse: (_, count) =>
            inUse(
              `There ${count === 1 ? 'is' : 'are'} ${resources(count, name)}: delete ${count === 1 ? 'it' : 'them'} before the type.`,
            ),
        };
      });
      return found as unknown as ResourceType;
    },
  };
}

/** What `/Schemas` would say: what a definition leaves out has a default, and may as well be given. */
const publishedText = (definition: SchemaDefinition): string =>
  JSON.stringify(schemaJson(compileSchema(definition), ''));

/** A change that no resource can stand against. */
const planOf = ({ added }: Pick<DefinitionChange, 'added'>): Plan => ({
  change: { added, removed: [], unused: [] },
  inUse: () => inUse(''),
});

const inUse = (message: string): ServiceError => new ServiceError('conflict', message);
