import { type TypeView, viewOf } from '../../../console/src/pages/resources/type-view.ts';
import { allResourceTypesJson, allSchemasJson } from '../../../src/core/discovery.ts';
import { BUILT_IN } from '../../../src/core/registry.ts';

/** A resource type that every tenant has, as the console sees it. */
export function builtInView(name: string): TypeView {
  const types = allResourceTypesJson(BUILT_IN, 'http://roster.test');
  const schemas = allSchemasJson(BUILT_IN, 'http://roster.test');
  const view = viewOf(
    name,
    types.map((definition) => ({ name: String(definition.name), definition })),
    schemas.map((definition) => ({ id: String(definition.id), definition })),
  );
  if (view === undefined) throw new Error(`no type ${name}`);
  return view;
}
