import { etagOf } from '../core/etag.ts';
import { type ListPlace, listResponseText } from '../core/list.ts';
import type { Projection } from '../core/project.ts';
import type { ResourceType } from '../core/resource-type.ts';
import { answerText, relationView } from '../core/stored.ts';
import type { ListPart, ReadResource, RelationQuery, ResourcePage } from '../storage/storage.ts';
import { locationOf, type RequestContext } from './context.ts';

/** A JSON text to send; one with a large membership list is made while it is sent. */
type Body = string | AsyncIterable<Uint8Array>;

/** A part of a list, and what of its resources the answer shows. */
export interface ShownPart {
  readonly part: ListPart;
  readonly projection: Projection | undefined;
}

/** A resource ready to be sent. */
export interface ResourceAnswer {
  readonly id: string;
  readonly location: string;
  readonly etag: string;
  readonly body: Body;
}

/** What to read of membership for an answer; undefined: the answer shows none. */
export function relationQuery(
  context: RequestContext,
  type: ResourceType,
  projection: Projection | undefined,
): RelationQuery | undefined {
  const view = relationView(type, projection);
  const kind = view?.attribute.relation;
  if (view === undefined || kind === undefined) return undefined;
  const references = context.registry.resourceTypes.map(({ name, endpoint }) => ({
    type: name,
    base: `${context.baseUrl}${endpoint}/`,
  }));
  return { kind, parts: view.parts, references };
}

export function resourceAnswer(
  context: RequestContext,
  type: ResourceType,
  resource: ReadResource,
  projection: Projection | undefined,
): ResourceAnswer {
  const location = locationOf(context, type, resource.id);
  const { before, after } = answerText(type, resource, location, projection, relationView(type, projection));
  const { relation } = resource;
  const body =
    relation === undefined || typeof relation === 'string'
      ? before + (relation ?? '') + after
      : inPieces(before, relation, after);
  return { id: resource.id, location, etag: etagOf(resource.version), body };
}

async function* inPieces(
  before: string,
  relation: AsyncIterable<Uint8Array>,
  after: string,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(before);
  yield* relation;
  yield Buffer.from(after);
}

/** @param shown the parts of the list, each with what its resources show */
export function listAnswer(
  context: RequestContext,
  shown: readonly ShownPart[],
  page: ResourcePage,
  place: ListPlace,
): string {
  const views = shown.map(({ part, projection }) => relationView(part.type, projection));
  const texts = page.resources.map((resource) => {
    const { part, projection } = shown[resource.part] as ShownPart;
    const location = locationOf(context, part.type, resource.id);
    const { before, after } = answerText(part.type, resource, location, projection, views[resource.part]);
    return before + (resource.relation ?? '') + after;
  });
  return listResponseText(page.totalResults, place, texts);
}
