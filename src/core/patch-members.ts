import { decodeAttribute } from './decode.ts';
import { invalidValue, mutability } from './error.ts';
import type { Filter } from './filter.ts';
import { isObject, type JsonValue } from './json.ts';
import type { AttributePath } from './path.ts';
import { isUnassigned } from './resource.ts';
import type { Attribute } from './schema.ts';
import type { Tolerance } from './tolerance.ts';

/** A member as a client names it: the resource type may be left for the server to find out. */
export interface MemberReference {
  readonly value: string;
  readonly type: string | undefined;
  /** What the client takes the member's name to be. */
  readonly display: string | undefined;
}

/** What a request does to the membership rows of a group, in order; no step needs the list as a whole. */
export type MemberChange =
  | { readonly kind: 'clear' }
  | { readonly kind: 'add'; readonly members: readonly MemberReference[] }
  | ({ readonly kind: 'remove'; readonly ids: readonly string[] } & Removal)
  | ({
      readonly kind: 'removeMatching';
      readonly filter: Filter<AttributePath>;
      /** The only ids that can match; undefined: any member may. */
      readonly among: readonly string[] | undefined;
    } & Removal);

interface Removal {
  /** Whether a replacement follows, which needs something to replace (RFC 7644 section 3.5.2.3). */
  readonly mustMatch?: true;
}

/** The members that a value names. */
export function memberReferences(value: JsonValue | undefined): MemberReference[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map((member) => ({
    value: String(member.value),
    type: typeof member.type === 'string' ? member.type : undefined,
    display: typeof member.display === 'string' ? member.display : undefined,
  }));
}

/** The steps that one operation on the relation attribute as a whole comes to. */
export function changeMembers(
  op: 'add' | 'replace' | 'remove',
  attribute: Attribute,
  value: JsonValue | undefined,
  tolerance: Tolerance,
): MemberChange[] {
  if (op === 'remove') {
    if (value === undefined || value === null) return [{ kind: 'clear' }];
    const members = readMembers(attribute, value, tolerance);
    return [{ kind: 'remove', ids: members.map((member) => member.value) }];
  }
  if (value === undefined) throw invalidValue(`${op} needs a "value".`);
  const add: MemberChange = { kind: 'add', members: readMembers(attribute, value, tolerance) };
  return op === 'replace' ? [{ kind: 'clear' }, add] : [add];
}

/** The steps that one operation on `members[filter]` comes to. */
export function changeMatchingMembers(
  op: 'add' | 'replace' | 'remove',
  attribute: Attribute,
  filter: Filter<AttributePath>,
  sub: Attribute | undefined,
  value: JsonValue | undefined,
  tolerance: Tolerance,
): MemberChange[] {
  if (sub !== undefined) throw mutability(`${attribute.name}.${sub.name} is immutable.`);
  const among = namedIds(filter);
  const remove: MemberChange =
    among !== undefined && isListOfIds(filter)
      ? { kind: 'remove', ids: among }
      : { kind: 'removeMatching', filter, among };
  if (op === 'remove') return [remove];
  if (isUnassigned(value)) throw invalidValue(`${op} needs a "value".`);
  const add: MemberChange = { kind: 'add', members: readMembers(attribute, value as JsonValue, tolerance) };
  return op === 'replace' ? [{ ...remove, mustMatch: true }, add] : [add];
}

function readMembers(attribute: Attribute, value: JsonValue, tolerance: Tolerance): MemberReference[] {
  const list = Array.isArray(value) ? value : [value];
  const objects = list.map((item) =>
    typeof item === 'string' && tolerance.accept('scalar-member') ? { value: item } : item,
  );
  return memberReferences(decodeAttribute(attribute, objects, tolerance));
}

/** The ids that a filter on `value` leaves possible; undefined when it leaves any. */
function namedIds(filter: Filter<AttributePath>): string[] | undefined {
  if (filter.kind === 'compare') return isIdComparison(filter) ? [String(filter.value)] : undefined;
  if (filter.kind !== 'or' && filter.kind !== 'and') return undefined;
  const ids = filter.filters.map(namedIds);
  if (filter.kind === 'and') return ids.find((list) => list !== undefined);
  return ids.every((list) => list !== undefined) ? ids.flat() : undefined;
}

/** Whether a filter is `value eq "a" or value eq "b"` and nothing more. */
const isListOfIds = (filter: Filter<AttributePath>): boolean =>
  filter.kind === 'or'
    ? filter.filters.every(isListOfIds)
    : filter.kind === 'compare' && isIdComparison(filter);

const isIdComparison = ({ operator, path }: Extract<Filter<AttributePath>, { kind: 'compare' }>): boolean =>
  operator === 'eq' && path.attribute.name === 'value';
