import { etagOf } from '../core/etag.ts';
import type { ListPlace } from '../core/list.ts';
import type { Projection } from '../core/project.ts';
import type { ResourceType } from '../core/resource-type.ts';
import type { ListPart, ReadResource, RelationQuery, ResourcePage } from '../storage/storage.ts';
import { locationOf, type RequestContext } from './context.ts';

/** A JSON text to send; one with a large membership list is made while it is sent. */
export type Body = string | AsyncIterable<Uint8Array>;

/** The whole of a text to send. */
export async function wholeText(body: Body): Promise<string> {
  if (typeof body === 'string') return body;
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

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
  const view = context.form.relationView(type, projection);
  const kind = view?.attribute.relation;
  if (view === undefined || kind === undefined) return undefined;
  const references = context.registry.memberTypes.map(({ name, endpoint }) => ({
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
  const { form } = context;
  const location = locationOf(context, type, resource.id);
  const view = form.relationView(type, projection);
  const text = form.answerText(type, resource, location, projection, view);
  const body = bodyOf([pieceOf(text, resource.relation)]);
  return { id: resource.id, location, etag: etagOf(resource.version), body };
}

/**
 * @param shown the parts of the list, each with what its resources show
 * @param isPaged whether the client has asked for a part of the list
 */
export function listAnswer(
  context: RequestContext,
  shown: readonly ShownPart[],
  page: ResourcePage,
  place: ListPlace,
  isPaged: boolean,
): Body {
  const { form } = context;
  const { totalResults, resources } = page;
  const views = shown.map(({ part, projection }) => form.relationView(part.type, projection));
  const frame = form.listFrame(totalResults, place, resources.length, isPaged);
  const texts = resources.map((resource, index): AnswerPiece => {
    const { part, projection } = shown[resource.part] as ShownPart;
    const location = locationOf(context, part.type, resource.id);
    const text = form.answerText(part.type, resource, location, projection, views[resource.part]);
    const piece = pieceOf(text, resource.relation);
    return index === 0 ? piece : { ...piece, before: `,${piece.before}` };
  });
  return bodyOf([textPiece(frame.before), ...texts, textPiece(frame.after)]);
}

/** Text of an answer, with membership values in the middle. */
interface AnswerPiece {
  readonly before: string;
  readonly relation: ReadResource['relation'];
  readonly after: string;
}

const pieceOf = (
  { before, after, bare }: ReturnType<RequestContext['form']['answerText']>,
  relation: ReadResource['relation'],
): AnswerPiece => (bare !== undefined && !relation ? textPiece(bare) : { before, relation, after });

const textPiece = (text: string): AnswerPiece => ({ before: text, relation: undefined, after: '' });

/** One text, but where the members of a large group are in it: then text and members in turn, as they are read. */
function bodyOf(pieces: readonly AnswerPiece[]): Body {
  let text = '';
  for (const { before, relation, after } of pieces) {
    if (relation !== undefined && typeof relation !== 'string') return inPieces(pieces);
    text += before + (relation ?? '') + after;
  }
  return text;
}

async function* inPieces(pieces: readonly AnswerPiece[]): AsyncGenerator<Uint8Array> {
  let text = '';
  for (const { before, relation, after } of pieces) {
    text += before;
    if (relation === undefined || typeof relation === 'string') {
      text += relation ?? '';
    } else {
      yield Buffer.from(text);
      yield* relation;
      text = '';
    }
    text += after;
  }
  yield Buffer.from(text);
}
