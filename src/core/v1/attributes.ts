import { type Projection, readProjection } from '../project.ts';
import type { ResourceType } from '../resource-type.ts';
import { nameIn2, resolvePath1 } from './names.ts';

/**
 * Reads `attributes` of SCIM 1.1 (REST API 1.1 section 3.7): what is named there, always with `id` and `meta`. Names
 * that no schema knows select nothing.
 *
 * @param names undefined: none are given
 * @returns undefined when the resource is answered as it is
 */
export function readAttributes1(
  type: ResourceType,
  names: readonly string[] | undefined,
): Projection | undefined {
  if (names === undefined) return readProjection(type, undefined, undefined);
  const named = names.flatMap((name) => nameIn2(type, name.trim()) ?? relationIn2(type, name.trim()) ?? []);
  return readProjection(type, [...named, 'id', 'meta'], undefined);
}

/** The parts of membership values that 1.1 has are not all in the schema of 2.0: `members.display`. */
function relationIn2(type: ResourceType, name: string): string | undefined {
  const dot = name.lastIndexOf('.');
  const resolved = dot < 0 ? undefined : resolvePath1(type, name.slice(0, dot));
  const isRelation =
    resolved !== undefined && 'path' in resolved && resolved.path.attribute.relation !== undefined;
  return isRelation ? resolved.path.attribute.name : undefined;
}
