import { checkSchemaFits } from '../core/definition-conflicts.ts';
import { DefinitionError } from '../core/definition-error.ts';
import { buildRegistry } from '../core/registry.ts';
import { compileSchema, type SchemaDefinition } from '../core/schema.ts';
import { indexPathOf, type SchemaObstacle, schemaObstacles } from '../core/schema-changes.ts';
import type { DefinitionChange, ResourceUse, Tenant } from '../storage/directory.ts';
import { type Current, definedSchema, isNamed, resources, unknownSchema } from './definition-checks.ts';
import { ServiceError } from './service-error.ts';

/** A change of what is defined, and what to say when resources stand against it. */
export interface Plan {
  readonly change: Pick<DefinitionChange, 'added' | 'replaced' | 'removed' | 'unused'>;
  readonly inUse: (use: ResourceUse, count: number) => ServiceError;
}

/**
 * What is to be done for a schema to become another one of the same URN.
 *
 * @throws DefinitionError when it has another URN, or cannot stand beside the schemas that are there
 * @throws ServiceError when there is no such schema, or it is built in
 */
export function planReplacement(
  current: Current,
  tenant: Tenant,
  urn: string,
  definition: SchemaDefinition,
): Plan {
  const found = definedSchema(current, urn);
  if (found === undefined) throw unknownSchema(current.registry, urn, tenant);
  const { schema: before, uses } = found;
  if (definition.id !== before.id)
    throw new DefinitionError(['id'], `The URN of a schema stays: it is ${before.id}.`);
  const { definitions, revision } = current;
  const others = definitions.schemas.filter(({ id }) => !isNamed(before.id)(id));
  checkSchemaFits(buildRegistry({ ...definitions, schemas: others }, revision), definition);
  const obstacles = schemaObstacles(before, compileSchema(definition));
  const asked = new Map<ResourceUse, SchemaObstacle>();
  for (const { type, as } of uses)
    for (const obstacle of obstacles) {
      if (obstacle.ofExtensionsOnly && as === 'core') continue;
      const ofSchema = as === 'core' ? undefined : before.indexPrefix;
      asked.set({ type, path: obstacle.of === 'schema' ? ofSchema : indexPathOf(obstacle.of) }, obstacle);
    }
  const key = before.id.toLowerCase();
  return {
    change: {
      added: [],
      replaced: [{ kind: 'schema', name: key, content: JSON.stringify(definition) }],
      removed: [],
      unused: [...asked.keys()],
    },
    inUse(use, count) {
      const { of, refusal, path } = asked.get(use) as SchemaObstacle;
      const what = of === 'schema' ? before.id : of.indexPath.slice(before.indexPrefix.length);
      const why =
        use.path === undefined
          ? `there ${count === 1 ? 'is' : 'are'} ${resources(count, use.type)}`
          : `${resources(count, use.type)} ${count === 1 ? 'has' : 'have'} values of ${what}`;
      return new ServiceError('conflict', `${refusal}: ${why}.`, { field: path.join('.') });
    },
  };
}
