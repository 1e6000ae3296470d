import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { StatusBadge } from '../../ui/status-badge.tsx';
import type { Column } from '../../ui/table-column.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { ResourceLink } from './places.tsx';
import {
  type Attribute,
  isMembership,
  type Json,
  nameOf,
  pathOf,
  type Resource,
  type TypeView,
} from './type-view.ts';

/** A column that a list can have. */
export interface ColumnChoice {
  /** The path of the attribute. */
  readonly path: string;
  readonly title: string;
  readonly attribute: Attribute;
  /** Undefined for attributes of the core schema. */
  readonly urn: string | undefined;
}

const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  User: ['userName', 'displayName', 'emails', 'active', 'meta.lastModified'],
  Group: ['displayName', 'externalId', 'meta.created', 'meta.lastModified'],
};

/** Columns of a type that nobody has chosen any for. */
const FEW = 4;

/** What can be shown of the resources of a type. */
export const choicesOf = (view: TypeView): ColumnChoice[] => [
  ...view.sections.flatMap((section) =>
    section.attributes
      .filter((attribute) => attribute.returned !== 'never' && !isMembership(view.name, section, attribute))
      .map((attribute) => ({
        path: pathOf(section, attribute.name),
        title: attribute.name,
        attribute,
        urn: section.isCore ? undefined : section.urn,
      })),
  ),
  ...(['created', 'lastModified'] as const).map((name) => ({
    path: `meta.${name}`,
    title: name === 'created' ? 'created' : 'last modified',
    attribute: { name, type: 'dateTime', multiValued: false } as const,
    urn: undefined,
  })),
];

/** The columns that the URL names, or the usual ones. */
export function chosenPaths(view: TypeView, columns: string | undefined): string[] {
  const known = choicesOf(view).map(({ path }) => path);
  const named = (columns?.split(',') ?? []).filter((path) => known.includes(path));
  if (named.length > 0) return named;
  const usual = DEFAULTS[view.name];
  if (usual !== undefined) return [...usual];
  const [core] = view.sections;
  const simple = (core?.attributes ?? []).filter(
    ({ type, name }) => type !== 'complex' && name !== 'externalId',
  );
  simple.sort((a, b) => Number(b.required ?? false) - Number(a.required ?? false));
  return [...simple.slice(0, FEW).map(({ name }) => name), 'meta.lastModified'];
}

/** @param tenant for the links of the first column, which lead to the pages of the resources */
export function columnsOf(tenant: string, view: TypeView, paths: readonly string[]): Column<Resource>[] {
  const choices = new Map(choicesOf(view).map((choice) => [choice.path, choice]));
  return paths.flatMap((path, index): Column<Resource>[] => {
    const choice = choices.get(path);
    if (choice === undefined) return [];
    const render = (resource: Resource): ReactNode => shownValue(choice, valueAt(resource, choice));
    return [
      {
        id: path,
        title: titleOf(choice.title),
        sorts: sorts(choice.attribute),
        isMinor: index > 3,
        ...(choice.attribute.type === 'boolean' && { width: 128 }),
        render:
          index > 0
            ? render
            : (resource) => (
                <ResourceLink tenant={tenant} type={view.name} id={String(resource.id)}>
                  {textOf(valueAt(resource, choice)) || nameOf(resource)}
                </ResourceLink>
              ),
      },
    ];
  });
}

/** `displayName` in words: "Display name". */
export function titleOf(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A complex attribute is sorted by its `value`, and not where it has none. */
const sorts = ({ type, subAttributes }: Attribute): boolean =>
  type !== 'complex' || subAttributes?.some(({ name }) => name === 'value') === true;

function valueAt(resource: Resource, { path, urn, attribute }: ColumnChoice): Json | undefined {
  if (path.startsWith('meta.')) return (resource.meta as Record<string, Json> | undefined)?.[attribute.name];
  if (urn === undefined) return resource[attribute.name];
  return (resource[urn] as Record<string, Json> | undefined)?.[attribute.name];
}

function shownValue({ attribute }: ColumnChoice, value: Json | undefined): ReactNode {
  if (value === undefined || value === null)
    return (
      <Text span c="dimmed" aria-label="no value">
        –
      </Text>
    );
  if (attribute.type === 'boolean') {
    if (attribute.name !== 'active') return value === true ? 'Yes' : 'No';
    return (
      <StatusBadge tone={value === true ? 'good' : 'neutral'}>
        {value === true ? 'Active' : 'Not active'}
      </StatusBadge>
    );
  }
  if (attribute.type === 'dateTime' && typeof value === 'string' && !attribute.multiValued)
    return <TimeText value={value} />;
  return textOf(value);
}

/** A value in one line. */
export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) {
    const shown = value.find((each) => isObject(each) && each.primary === true) ?? value[0];
    return `${textOf(shown)}${value.length > 1 ? ` (+${value.length - 1})` : ''}`;
  }
  if (!isObject(value)) return String(value);
  const { formatted, display, displayName, value: inner, givenName, familyName } = value;
  const named = formatted ?? display ?? displayName ?? inner;
  if (named !== undefined) return textOf(named);
  if (givenName !== undefined || familyName !== undefined)
    return [givenName, familyName].filter((each) => each !== undefined).join(' ');
  return Object.values(value).map(textOf).join(', ');
}

const isObject = (value: Json | undefined): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
