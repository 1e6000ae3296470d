import { isObject, sameJson } from './json.ts';
import { isUnassigned, type Resource } from './resource.ts';
import type { ResourceType } from './resource-type.ts';
import type { Attribute } from './schema.ts';

/** What the server says of a resource, not a client. */
const SERVERS_OWN: ReadonlySet<string> = new Set(['schemas', 'id', 'meta']);

const NOTHING: Resource = Object.freeze(Object.create(null));

/**
 * The names of the attributes in which two states of a resource differ, in the order of the schemas, such as `userName`; those
 * of extensions begin with the URN and a colon. Membership is no part of either state.
 */
export function changedAttributes(type: ResourceType, before: Resource, after: Resource): string[] {
  const core = type.attributes.filter(({ name }) => !SERVERS_OWN.has(name));
  const changed = differing(core, before, after);
  for (const { schema } of type.extensions) {
    const [old, now] = [before[schema.id], after[schema.id]];
    if (old === undefined && now === undefined) continue;
    const names = differing(schema.attributes, isObject(old) ? old : NOTHING, isObject(now) ? now : NOTHING);
    for (const name of names) changed.push(`${schema.id}:${name}`);
  }
  return changed;
}

const differing = (attributes: readonly Attribute[], before: Resource, after: Resource): string[] =>
  attributes
    .filter(({ relation, name }) => {
      if (relation !== undefined) return false;
      const [old, now] = [before[name], after[name]];
      return !(isUnassigned(old) && isUnassigned(now)) && !sameJson(old, now);
    })
    .map(({ name }) => name);
