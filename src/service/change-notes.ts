import { changedAttributes } from '../core/changed-attributes.ts';
import type { Resource } from '../core/resource.ts';
import type { ResourceType } from '../core/resource-type.ts';
import type { StoredResource } from '../core/stored.ts';

/** What became of one resource. It has no value of an attribute that is never returned. */
export interface ChangeNote {
  readonly kind: 'create' | 'update' | 'delete';
  /** The name of the resource type. */
  readonly type: string;
  readonly id: string;
  /** The userName or else the displayName, as it is afterwards; undefined: it has none, or was not read. */
  readonly name: string | undefined;
  /**
   * The document as JSON text, without `meta` and membership; undefined: there was none, or, of a group that a deleted
   * resource has left, it was not read.
   */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** The names of the attributes that have changed; of a new resource only those that are not in its document. */
  readonly attributes: readonly string[];
  readonly membersAdded: IdList;
  readonly membersRemoved: IdList;
}

/** The first of some ids, and how many there are. */
export interface IdList {
  readonly ids: readonly string[];
  readonly total: number;
}

/** Members that one note names. */
const NAMED_MEMBERS = 100;

const NONE: IdList = { ids: [], total: 0 };

/** @param members the ids of its members */
export function noteCreation(
  type: ResourceType,
  { id, doc }: StoredResource,
  resource: Resource,
  members: readonly string[],
  hasPassword: boolean,
): ChangeNote {
  const membersAdded = listed([...new Set(members)]);
  return {
    ...{ kind: 'create', type: type.name, id, name: nameOf(resource), before: undefined, after: doc },
    attributes: otherAttributes(type, membersAdded.total > 0, hasPassword),
    ...{ membersAdded, membersRemoved: NONE },
  };
}

/** @param docs the documents before and after; the same where nothing but members or the password has changed */
export function noteUpdate(
  type: ResourceType,
  id: string,
  docs: Pick<ChangeNote, 'before' | 'after'>,
  { before, after }: { readonly before: Resource; readonly after: Resource },
  members: { readonly added: readonly string[]; readonly removed: readonly string[] },
  hasPassword: boolean,
): ChangeNote {
  const [membersAdded, membersRemoved] = [listed(members.added), listed(members.removed)];
  return {
    ...{ kind: 'update', type: type.name, id, name: nameOf(after), ...docs },
    attributes: [
      ...changedAttributes(type, before, after),
      ...otherAttributes(type, membersAdded.total + membersRemoved.total > 0, hasPassword),
    ],
    ...{ membersAdded, membersRemoved },
  };
}

export const noteDeletion = (
  type: ResourceType,
  { id, doc }: StoredResource,
  resource: Resource,
): ChangeNote => ({
  ...{ kind: 'delete', type: type.name, id, name: nameOf(resource), before: doc, after: undefined },
  ...{ attributes: [], membersAdded: NONE, membersRemoved: NONE },
});

/** A group that a resource has left because it was deleted. */
export const noteLeaving = (groupType: string, groupId: string, memberId: string): ChangeNote => ({
  ...{ kind: 'update', type: groupType, id: groupId, name: undefined, before: undefined, after: undefined },
  ...{ attributes: ['members'], membersAdded: NONE, membersRemoved: listed([memberId]) },
});

const listed = (ids: readonly string[]): IdList =>
  ids.length === 0 ? NONE : { ids: ids.slice(0, NAMED_MEMBERS), total: ids.length };

const otherAttributes = (
  { relationAttribute, passwordAttribute }: ResourceType,
  members: boolean,
  password: boolean,
): string[] => [
  ...(members && relationAttribute !== undefined ? [relationAttribute.name] : []),
  ...(password && passwordAttribute !== undefined ? [passwordAttribute.name] : []),
];

function nameOf({ userName, displayName }: Resource): string | undefined {
  const name = userName ?? displayName;
  return typeof name === 'string' ? name : undefined;
}
