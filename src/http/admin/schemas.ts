import { DefinitionError } from '../../core/definition-error.ts';
import { resourceTypeJson, schemaJson } from '../../core/discovery.ts';
import { BUILT_IN, resourceTypeNamed, schemaNamed } from '../../core/registry.ts';
import type { ResourceType } from '../../core/resource-type.ts';
import type { Schema } from '../../core/schema.ts';
import type { VisibleTenant } from '../../service/access.ts';
import { ServiceError } from '../../service/service-error.ts';
import { countResources } from '../../service/sizes.ts';
import type { SCHEMA_ROUTES } from './contract/schemas.ts';
import type { HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';

/** What schemas and resource types a tenant has, and those that it defines itself. */
export function schemaHandlers({
  services: { storage },
  registries,
  baseUrl,
}: AdminServices): HandlersOf<typeof SCHEMA_ROUTES> {
  const scimUrl = `${baseUrl}/scim/v2`;
  const registryOf = async ({ id }: VisibleTenant) =>
    registries.of(id, await storage.directory.definitionRevision(id));

  const shownSchema = (schema: Schema, usedBy: readonly string[]) => ({
    id: schema.id,
    isBuiltIn: schemaNamed(BUILT_IN, schema.id) !== undefined,
    usedBy: [...usedBy],
    definition: schemaJson(schema, scimUrl),
  });

  const shownType = (type: ResourceType, total: number) => ({
    name: type.name,
    isBuiltIn: resourceTypeNamed(BUILT_IN, type.name) !== undefined,
    total,
    definition: resourceTypeJson(type, scimUrl),
  });

  return {
    async listSchemas({ tenant }) {
      const { schemas, resourceTypes } = await registryOf(tenant);
      return schemas.map((schema) =>
        shownSchema(
          schema,
          resourceTypes.filter((type) => hasSchema(type, schema.id)).map(({ name }) => name),
        ),
      );
    },

    async addSchema({ by: { definitions }, tenant, body: { definition, extends: extension } }) {
      const { schema, uses } = await inBody(() => definitions.addSchema(tenant, definition, extension));
      return shownSchema(
        schema,
        uses.map(({ type }) => type),
      );
    },

    async replaceSchema({ by: { definitions }, tenant, params, body: { definition } }) {
      const { schema, uses } = await inBody(() =>
        definitions.replaceSchema(tenant, definition, params.schema),
      );
      return shownSchema(
        schema,
        uses.map(({ type }) => type),
      );
    },

    async deleteSchema({ by: { definitions }, tenant, params }) {
      await definitions.removeSchema(tenant, params.schema);
      return undefined;
    },

    async listResourceTypes({ tenant }) {
      const [{ resourceTypes }, sizes] = await Promise.all([
        registryOf(tenant),
        countResources(storage, registries, tenant),
      ]);
      return resourceTypes.map((type) =>
        shownType(type, sizes.find((size) => size.type === type.name)?.total ?? 0),
      );
    },

    async addResourceType({ by: { definitions }, tenant, body: { definition } }) {
      return shownType(await inBody(() => definitions.addResourceType(tenant, definition)), 0);
    },

    async deleteResourceType({ by: { definitions }, tenant, params: { name } }) {
      await definitions.removeResourceType(tenant, name);
      return undefined;
    },
  };
}

const hasSchema = ({ schema, extensionByUrn }: ResourceType, urn: string): boolean =>
  schema.id === urn || extensionByUrn.has(urn.toLowerCase());

/** Runs what reads the definition of a body. @throws what it throws, with the place in the body */
async function inBody<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DefinitionError)
      throw new DefinitionError(['definition', ...error.path], error.message);
    if (error instanceof ServiceError && error.field !== undefined)
      throw new ServiceError(error.problem, error.message, { field: `definition.${error.field}` });
    throw error;
  }
}
