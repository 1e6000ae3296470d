import { setImmediate } from 'node:timers/promises';
import {
  type BulkOperation,
  type BulkOperations,
  type BulkRequest,
  bulkIdsIn,
  resolveReferences,
} from '../core/bulk.ts';
import { orderSteps } from '../core/bulk-order.ts';
import { errorBody, notFound, ScimError } from '../core/error.ts';
import { etagOf, readPrecondition } from '../core/etag.ts';
import type { JsonObject } from '../core/json.ts';
import { resourceTypeAt } from '../core/registry.ts';
import type { ResourceType } from '../core/resource-type.ts';
import type { Transaction } from '../storage/storage.ts';
import type { ChangeNote } from './change-notes.ts';
import { attemptNoted, changeResources } from './change-transaction.ts';
import { locationOf, type RequestContext, type Services } from './context.ts';
import {
  type Change,
  type Creation,
  insertCreations,
  linkCreation,
  prepareCreation,
  prepareDeletion,
  preparePatch,
  prepareReplacement,
} from './resource-changes.ts';

/** Operations that share a transaction, which other writers wait for. */
const OPERATIONS_PER_TRANSACTION = 50;

/** Operations after which other requests are served. */
const OPERATIONS_PER_TURN = 10;

/** Operations that are prepared at the same time: as many as passwords are hashed. */
const PREPARED_AT_ONCE = 2;

/**
 * Carries out the operations of a Bulk request (RFC 7644 section 3.7), each by itself: what fails leaves the others alone.
 *
 * @returns the operations of the BulkResponse
 */
export async function runBulk(
  services: Services,
  context: RequestContext,
  { operations, failOnErrors = Number.POSITIVE_INFINITY }: BulkOperations,
): Promise<JsonObject[]> {
  const bulk = await prepareBulk(services, context, operations);
  const steps = orderSteps(bulk.map(({ needs }) => needs));
  let errors = 0;
  for (let start = 0; start < steps.length && errors < failOnErrors; ) {
    const batch = batchFrom(steps, start);
    start += batch.length;
    errors = await runBatch(services, context, bulk, batch, errors, failOnErrors);
  }
  return bulk.map(({ answer }) => answer).filter((answer) => answer !== undefined);
}

/** An operation on its way: made ready, carried out, answered. */
interface Work {
  readonly operation: BulkOperation;
  /** The operations that create what it refers to, by number. */
  readonly needs: readonly number[];
  readonly type: ResourceType | undefined;
  readonly id: string | undefined;
  /** What is left to be done in a transaction, or why it can't be done. */
  readonly prepared: Prepared | ScimError;
  /** The outcome, once it is carried out. */
  outcome: { readonly version: number } | ScimError | undefined;
  answer: JsonObject | undefined;
}

type Prepared = { readonly creation: Creation } | { readonly change: Change };

async function prepareBulk(
  services: Services,
  context: RequestContext,
  operations: readonly BulkOperation[],
): Promise<Work[]> {
  const creators = new Map<string, number>();
  operations.forEach(({ method, bulkId }, number) => {
    if (method === 'POST' && bulkId !== undefined && !creators.has(bulkId)) creators.set(bulkId, number);
  });
  // ids are given out beforehand, so that operations can refer to each other in any order and in circles
  const ids = new Map([...creators.keys()].map((bulkId) => [bulkId, services.newId(services.now())]));
  const work: Work[] = [];
  const prepareNext = async (queue: Iterator<[number, BulkOperation]>): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const [number, operation] = next.value;
      work[number] = await prepareOperation(services, context, operation, { creators, ids });
    }
  };
  const queue = operations.entries();
  await Promise.all(Array.from({ length: PREPARED_AT_ONCE }, () => prepareNext(queue)));
  return work;
}

interface References {
  /** The number of the operation that creates what a bulkId stands for. */
  readonly creators: ReadonlyMap<string, number>;
  readonly ids: ReadonlyMap<string, string>;
}

async function prepareOperation(
  services: Services,
  context: RequestContext,
  operation: BulkOperation,
  { creators, ids }: References,
): Promise<Work> {
  const { request, bulkId } = operation;
  // what cannot be carried out has its place behind what it refers to, too
  const needs =
    request instanceof ScimError
      ? []
      : [...bulkIdsIn(request)].flatMap((needed) => creators.get(needed) ?? []);
  const failed = (error: ScimError, type?: ResourceType, id?: string): Work => ({
    ...{ operation, needs, type, id, prepared: error },
    ...{ outcome: undefined, answer: undefined },
  });
  if (request instanceof ScimError) return failed(request);
  const type = resourceTypeAt(context.registry, request.endpoint);
  if (type === undefined) return failed(notFound(`There is no endpoint ${request.endpoint}.`));
  try {
    const resolved = resolveReferences(request, ids);
    const id = request.method === 'POST' ? ids.get(bulkId ?? '') : resolved.id;
    const prepared = await prepare(services, context, type, { ...resolved, id });
    return { operation, needs, type, id, prepared, outcome: undefined, answer: undefined };
  } catch (error) {
    if (error instanceof ScimError) return failed(error, type, request.id);
    throw error;
  }
}

async function prepare(
  services: Services,
  context: RequestContext,
  type: ResourceType,
  { method, id = '', data, version }: BulkRequest,
): Promise<Prepared> {
  const own: RequestContext = { ...context, precondition: readPrecondition(version, undefined) };
  switch (method) {
    case 'POST':
      return { creation: await prepareCreation(services, own, type, data, id) };
    case 'PUT':
      return { change: await prepareReplacement(services, own, type, id, data) };
    case 'PATCH':
      return { change: await preparePatch(services, own, type, id, data) };
    case 'DELETE':
      return { change: prepareDeletion(services, own, type, id) };
  }
}

/** As many steps as fit into a transaction; one at least. */
function batchFrom(steps: readonly (readonly number[])[], start: number): (readonly number[])[] {
  let size = 0;
  let end = start;
  while (
    end < steps.length &&
    (end === start || size + (steps[end]?.length ?? 0) <= OPERATIONS_PER_TRANSACTION)
  )
    size += steps[end++]?.length ?? 0;
  return steps.slice(start, end);
}

/** @returns the number of errors so far */
async function runBatch(
  services: Services,
  context: RequestContext,
  bulk: readonly Work[],
  batch: readonly (readonly number[])[],
  errorsBefore: number,
  failOnErrors: number,
): Promise<number> {
  let errors = errorsBefore;
  let done: Work[] = [];
  try {
    await changeResources(services, context, async (tx, notes) => {
      errors = errorsBefore;
      done = [];
      const together = await createTogether(services, context, tx, notes, bulk, batch);
      for (const step of batch) {
        if (errors >= failOnErrors) break;
        const works = step.map((number) => bulk[number] as Work);
        if (!together) await runStep(services, context, tx, notes, bulk, works);
        done.push(...works);
        errors += works.filter(({ outcome }) => outcome instanceof ScimError).length;
        if (done.length % OPERATIONS_PER_TURN === 0) await setImmediate();
      }
    });
  } catch (error) {
    // the transaction as a whole: nothing of it has happened
    if (!(error instanceof ScimError)) throw error;
    done = batch.flat().map((number) => bulk[number] as Work);
    done = done.slice(0, failOnErrors - errorsBefore);
    for (const work of done) work.outcome = error;
    errors = errorsBefore + done.length;
  }
  for (const work of done) work.answer = answerOf(context, work);
  return errors;
}

/**
 * Creates all resources of a batch at once, which costs less than one by one, when it does nothing else.
 *
 * @returns false when one of them cannot be created: nothing has happened then
 */
async function createTogether(
  services: Services,
  context: RequestContext,
  tx: Transaction,
  notes: ChangeNote[],
  bulk: readonly Work[],
  batch: readonly (readonly number[])[],
): Promise<boolean> {
  const works = batch.flat().map((number) => bulk[number] as Work);
  const creations = works.flatMap(({ prepared }) =>
    'creation' in prepared && prepared.creation.members.length === 0 ? prepared.creation : [],
  );
  if (creations.length < works.length || works.some((work) => failureBefore(bulk, work))) return false;
  try {
    await attemptNoted(tx, notes, () => insertCreations(services, context, tx, notes, creations));
  } catch (error) {
    if (error instanceof ScimError) return false;
    throw error;
  }
  for (const work of works) work.outcome = { version: 1 };
  return true;
}

/** Carries out one operation, or several that refer to each other in a circle: all of those or none. */
async function runStep(
  services: Services,
  context: RequestContext,
  tx: Transaction,
  notes: ChangeNote[],
  bulk: readonly Work[],
  works: readonly Work[],
): Promise<void> {
  for (const work of works) work.outcome = failureBefore(bulk, work);
  const failed = works.find(({ outcome }) => outcome instanceof ScimError);
  const failure = failed?.outcome ?? (await attemptStep(services, context, tx, notes, works));
  if (failure === undefined) return;
  for (const work of works) work.outcome ??= works.length === 1 ? failure : DEPENDENCY_FAILED;
}

const DEPENDENCY_FAILED = new ScimError(409, 'The operation refers to another one that has failed.');

/** Why an operation can't even be tried. */
function failureBefore(bulk: readonly Work[], { needs, prepared }: Work): ScimError | undefined {
  if (prepared instanceof ScimError) return prepared;
  return needs.some((number) => bulk[number]?.outcome instanceof ScimError) ? DEPENDENCY_FAILED : undefined;
}

/** @returns why it failed; the works that were carried out have their outcome then, or the one that failed its error */
async function attemptStep(
  services: Services,
  context: RequestContext,
  tx: Transaction,
  notes: ChangeNote[],
  works: readonly Work[],
): Promise<ScimError | undefined> {
  let current = works[0];
  try {
    await attemptNoted(tx, notes, async () => {
      for (const work of works) {
        current = work;
        const prepared = work.prepared as Prepared;
        if ('creation' in prepared) await insertCreations(services, context, tx, notes, [prepared.creation]);
      }
      for (const work of works) {
        current = work;
        const prepared = work.prepared as Prepared;
        if ('creation' in prepared) await linkCreation(context, tx, prepared.creation);
      }
      for (const work of works) {
        const prepared = work.prepared as Prepared;
        current = work;
        work.outcome = { version: 'change' in prepared ? await prepared.change(tx, notes) : 1 };
      }
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    for (const work of works) work.outcome = undefined;
    if (current !== undefined) current.outcome = error;
    return error;
  }
}

const STATUS = { POST: 201, PUT: 200, PATCH: 200, DELETE: 204 } as const;

function answerOf(context: RequestContext, { operation, type, id, outcome }: Work): JsonObject {
  const { method, bulkId } = operation;
  const isError = outcome instanceof ScimError;
  const hasLocation = type !== undefined && id !== undefined && !(isError && method === 'POST');
  const location = hasLocation ? { location: locationOf(context, type, id) } : {};
  const head = { ...location, ...(method && { method }), ...(bulkId !== undefined && { bulkId }) };
  if (isError) {
    const response = { ...errorBody(outcome) } as unknown as JsonObject;
    return { ...head, status: String(outcome.status), response };
  }
  const version = method === 'DELETE' ? {} : { version: etagOf(outcome?.version ?? 1) };
  return { ...head, ...version, status: String(STATUS[method ?? 'POST']) };
}
