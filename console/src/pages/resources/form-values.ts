import {
  type Attribute,
  isMembership,
  type Json,
  pathOf,
  type Resource,
  type Section,
  type TypeView,
} from './type-view.ts';

/** The value of an attribute while it is edited: texts, marks, and lists and objects of them. */
export type Draft = string | boolean | Draft[] | { [name: string]: Draft };

/** The drafts of a resource: for each section, named `s0`, `s1` …, those of its attributes. */
export type Drafts = Record<string, Record<string, Draft>>;

export const sectionKey = (index: number): string => `s${index}`;

/** Whether a form has a field for an attribute. @param has whether the resource has a value of it */
export function isEdited(
  type: string,
  section: Section,
  attribute: Attribute,
  isNew: boolean,
  has: boolean,
): boolean {
  if (isMembership(type, section, attribute) || attribute.mutability === 'readOnly') return false;
  if (attribute.mutability === 'writeOnly') return isNew;
  return attribute.mutability !== 'immutable' || isNew || !has;
}

/** The parts of a complex value that a person fills in. What points to a resource has its id; the server knows the rest. */
export const editedParts = ({ subAttributes = [] }: Attribute): readonly Attribute[] => {
  const hasValue = subAttributes.some(({ name }) => name === 'value');
  return subAttributes.filter(
    ({ name, mutability }) => mutability !== 'readOnly' && !(hasValue && name === '$ref'),
  );
};

export function draftsOf(view: TypeView, resource: Resource | undefined): Drafts {
  return Object.fromEntries(
    view.sections.map((section, index) => [
      sectionKey(index),
      Object.fromEntries(
        section.attributes.map((attribute) => [
          attribute.name,
          draftOf(attribute, valueIn(section, resource, attribute.name)),
        ]),
      ),
    ]),
  );
}

export function valueIn(
  { isCore, urn }: Section,
  resource: Resource | undefined,
  name: string,
): Json | undefined {
  if (isCore) return resource?.[name];
  return (resource?.[urn] as Record<string, Json> | undefined)?.[name];
}

/** @param value undefined: what a new value begins as */
export function draftOf(attribute: Attribute, value: Json | undefined): Draft {
  if (attribute.multiValued)
    return (Array.isArray(value) ? value : []).map((each) =>
      draftOf({ ...attribute, multiValued: false }, each),
    );
  if (attribute.type === 'complex') {
    const parts = (value ?? {}) as Record<string, Json>;
    return Object.fromEntries(
      (attribute.subAttributes ?? []).map((sub) => [sub.name, draftOf(sub, parts[sub.name])]),
    );
  }
  return value === undefined || value === null ? '' : String(value);
}

/** What a draft comes to; undefined: no value. */
export function jsonOf(attribute: Attribute, draft: Draft | undefined): Json | undefined {
  if (attribute.multiValued) {
    const single = { ...attribute, multiValued: false };
    const values = (Array.isArray(draft) ? draft : []).flatMap((each) => jsonOf(single, each) ?? []);
    return values.length === 0 ? undefined : values;
  }
  if (attribute.type === 'complex') {
    const parts = (draft ?? {}) as Record<string, Draft>;
    const entries = (attribute.subAttributes ?? []).flatMap((sub) => {
      const value = sub.mutability === 'readOnly' ? undefined : jsonOf(sub, parts[sub.name]);
      return value === undefined ? [] : [[sub.name, value] as const];
    });
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  const text = typeof draft === 'string' ? draft : '';
  if (text.trim() === '') return undefined;
  if (attribute.type === 'boolean') return text === 'true';
  if (attribute.type !== 'integer' && attribute.type !== 'decimal') return text;
  // what is no number goes as it is, and comes back with what is wrong
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The body of a new resource. */
export function newResource(view: TypeView, drafts: Drafts): Record<string, Json> {
  const body: Record<string, Json> = {};
  const schemas: string[] = [];
  for (const [index, section] of view.sections.entries()) {
    const values = Object.fromEntries(
      section.attributes
        .filter((attribute) => isEdited(view.name, section, attribute, true, false))
        .flatMap((attribute) => {
          const value = jsonOf(attribute, drafts[sectionKey(index)]?.[attribute.name]);
          return value === undefined ? [] : [[attribute.name, value] as const];
        }),
    );
    if (section.isCore) Object.assign(body, values);
    else if (Object.keys(values).length > 0) body[section.urn] = values;
    if (section.isCore || Object.keys(values).length > 0) schemas.push(section.urn);
  }
  return { schemas, ...body };
}

/** One operation of a PATCH (RFC 7644 section 3.5.2). */
interface Operation {
  readonly op: 'replace' | 'remove';
  readonly path: string;
  readonly value?: Json;
}

/** The operations that make the resource what the form says; what was not touched is not named. */
export function changesOf(view: TypeView, before: Drafts, after: Drafts): Operation[] {
  return view.sections.flatMap((section, index) =>
    section.attributes.flatMap((attribute): Operation[] => {
      const [old, now] = [before, after].map((drafts) => drafts[sectionKey(index)]?.[attribute.name]);
      if (attribute.type !== 'complex' || attribute.multiValued)
        return changeOf(pathOf(section, attribute.name), attribute, old, now);
      // a part that is not named in the value of a complex attribute would stay
      return editedParts(attribute).flatMap((sub) => {
        const [oldPart, nowPart] = [old, now].map(
          (parts) => (parts as Record<string, Draft> | undefined)?.[sub.name],
        );
        return changeOf(pathOf(section, `${attribute.name}.${sub.name}`), sub, oldPart, nowPart);
      });
    }),
  );
}

function changeOf(
  path: string,
  attribute: Attribute,
  before: Draft | undefined,
  after: Draft | undefined,
): Operation[] {
  const [old, now] = [jsonOf(attribute, before), jsonOf(attribute, after)];
  if (JSON.stringify(old) === JSON.stringify(now)) return [];
  return [now === undefined ? { op: 'remove', path } : { op: 'replace', path, value: now }];
}

/** The field of a form that a path of the server stands for. */
export function fieldOf(view: TypeView, path: string): string {
  const index = view.sections.findIndex(({ isCore, urn }) => !isCore && path.startsWith(`${urn}:`));
  const section = view.sections[index];
  if (section !== undefined) return `${sectionKey(index)}.${path.slice(section.urn.length + 1)}`;
  const whole = view.sections.findIndex(({ urn }) => urn === path);
  return whole > 0 ? sectionKey(whole) : `${sectionKey(0)}.${path}`;
}
