import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { parse, parseAllDocuments } from 'yaml';
import { parseTemplate, renderTemplate, type Templates } from './go-template.ts';

const CHART = fileURLToPath(new URL('../../deploy/helm/roster', import.meta.url));
const read = (name: string): string => readFileSync(join(CHART, name), 'utf8');

export const CHART_YAML = parse(read('Chart.yaml')) as Readonly<Record<string, string>>;
const SCHEMA = JSON.parse(read('values.schema.json'));

export type Values = { readonly [name: string]: unknown };

/** An object of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it by path
  readonly metadata: any;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it by path
  readonly spec: any;
  readonly stringData?: Readonly<Record<string, string>>;
}

/** @returns what Helm would send to the cluster, and `notes`, which it would print. @throws Error as Helm would refuse */
export function renderChart(values: Values): {
  readonly manifests: readonly Manifest[];
  readonly notes: string;
} {
  const all = merged(parse(read('values.yaml')), values);
  const validate = new Ajv({ allowUnionTypes: true }).compile(SCHEMA);
  if (!validate(all)) throw new Error(`values: ${JSON.stringify(validate.errors)}`);
  const names = readdirSync(join(CHART, 'templates')).sort();
  const templates: Templates = new Map();
  const parsed = names.map((name) => [name, parseTemplate(read(`templates/${name}`), templates)] as const);
  const root = {
    Values: all,
    Chart: { Name: CHART_YAML.name, Version: CHART_YAML.version, AppVersion: CHART_YAML.appVersion },
    Release: { Name: 'scim', Namespace: 'directory', Service: 'Helm' },
  };
  const rendered = new Map(parsed.map(([name, nodes]) => [name, renderTemplate(nodes, root, templates)]));
  const manifests = names
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => parseAllDocuments(rendered.get(name) as string))
    .map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS() as Manifest | null;
    })
    .filter((manifest) => manifest !== null);
  return { manifests, notes: rendered.get('NOTES.txt') ?? '' };
}

const isMap = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merged(defaults: Values, given: Values): Values {
  const both = Object.entries(given).map(([name, value]) => {
    const before = defaults[name];
    return [name, isMap(before) && isMap(value) ? merged(before, value) : value] as const;
  });
  return { ...defaults, ...Object.fromEntries(both) };
}
