import type { FastifyRequest } from 'fastify';
import { ANSWER_FORM_2, type AnswerForm } from '../../core/answer-form.ts';
import { type BulkOperations, bulkResponse, decodeBulk } from '../../core/bulk.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { ListParameters } from '../../core/list.ts';
import type { Projection } from '../../core/project.ts';
import type { Registry } from '../../core/registry.ts';
import type { ResourceType } from '../../core/resource-type.ts';
import { type Tolerance, toleranceOf } from '../../core/tolerance.ts';
import type { RequestContext, Services } from '../../service/context.ts';
import { mediaTypeFor } from './media-type.ts';
import { listParametersOf, projectionOf } from './query.ts';

type IntegrationSettings = RequestContext['settings'];
type UserStore = Awaited<ReturnType<Services['storage']['directory']['listUserStores']>>[number];

/** What versions of the protocol do differently on their way between HTTP and the services. */
export interface Protocol {
  readonly version: '2.0' | '1.1';
  /** @param stores the user stores of the tenant, PRIMARY among them */
  formOf(stores: readonly UserStore[]): AnswerForm;
  /** Whether users may do what their groups permit, or else read and change themselves and nothing more. */
  readonly asksGroups: boolean;
  /** The settings under which the requests of an integration, or of users, are carried out. */
  settingsOf(settings: IntegrationSettings): IntegrationSettings;
  tolerancesOf(settings: IntegrationSettings): Tolerance;
  /** The body of a POST or PUT as a 2.0 resource. @throws ScimError 400 */
  decodeResource(type: ResourceType, body: JsonValue): JsonValue;
  /** The body of a PATCH as a 2.0 PatchOp. @throws ScimError 400 */
  decodePatch(type: ResourceType, body: JsonValue): JsonValue;
  projectionOf(request: FastifyRequest, type: ResourceType): Projection | undefined;
  /** The query of a list in the terms of 2.0. @throws ScimError 400 invalidFilter */
  listParametersOf(request: FastifyRequest, types: readonly ResourceType[]): ListParameters;
  mediaTypeFor(request: FastifyRequest): string;
  /** @throws ScimError 400 or 413 */
  decodeBulk(registry: Registry, body: JsonValue, tolerance: Tolerance): BulkOperations;
  bulkResponse(operations: JsonObject[]): JsonObject;
  /** Of the answer to a DELETE. */
  readonly deletedStatus: 200 | 204;
  /** Whether answers tell versions in `ETag`, or else the location of what was changed in `Location`. */
  readonly hasVersions: boolean;
}

export const SCIM_2: Protocol = {
  version: '2.0',
  formOf: () => ANSWER_FORM_2,
  asksGroups: false,
  settingsOf: (settings) => settings,
  tolerancesOf: ({ dialect, tolerances }) => toleranceOf(dialect, tolerances),
  decodeResource: (_type, body) => body,
  decodePatch: (_type, body) => body,
  projectionOf,
  listParametersOf,
  mediaTypeFor,
  decodeBulk: (_registry, body, tolerance) => decodeBulk(body, tolerance),
  bulkResponse,
  deletedStatus: 204,
  hasVersions: true,
};
