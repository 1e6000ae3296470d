import { type ListPlace, listResponseFrame } from './list.ts';
import type { Projection } from './project.ts';
import type { ResourceType } from './resource-type.ts';
import { answerText, type RelationView, relationView, type StoredResource } from './stored.ts';

/** How a version of the protocol writes resources and lists of them, as text around what storage gives. */
export interface AnswerForm {
  /** What an answer shows of membership; undefined: nothing, so that no row of it is read. */
  relationView(type: ResourceType, projection: Projection | undefined): RelationView | undefined;
  /**
   * A resource up to where the text of the membership values goes, and what follows it.
   *
   * @returns `bare` is the text of a resource that has no such value, where it differs
   */
  answerText(
    type: ResourceType,
    stored: StoredResource,
    location: string,
    projection: Projection | undefined,
    relation: RelationView | undefined,
  ): { readonly before: string; readonly after: string; readonly bare?: string };
  /**
   * What stands around the resources of a list.
   *
   * @param isPaged whether the client has asked for a part of it
   */
  listFrame(
    totalResults: number,
    place: ListPlace,
    count: number,
    isPaged: boolean,
  ): { readonly before: string; readonly after: string };
}

/** SCIM 2.0. */
export const ANSWER_FORM_2: AnswerForm = { relationView, answerText, listFrame: listResponseFrame };
