import type { AdminApi } from '../../../src/http/admin/contract/admin-api.ts';
import { ApiError, Cancelled, REAUTHENTICATE, type Refusal } from './error.ts';
import { proveAgain } from './reauthentication.ts';
import { saveBlob } from './save.ts';

export type RouteName = keyof AdminApi;

type PartOf<R extends RouteName, K extends string> = K extends keyof AdminApi[R] ? AdminApi[R][K] : undefined;

/** A part of a request: absent, optional when everything in it is, or asked for. */
type Given<K extends string, T> = [T] extends [undefined]
  ? { readonly [P in K]?: undefined }
  : object extends T
    ? { readonly [P in K]?: T }
    : { readonly [P in K]: T };

/** What a route takes. */
export type Input<R extends RouteName> = Given<'params', PartOf<R, 'params'>> &
  Given<'query', PartOf<R, 'query'>> &
  Given<'body', PartOf<R, 'body'>>;

export type Answer<R extends RouteName> = PartOf<R, 'answer'>;

/** The arguments after the name of a route: none needed where the route takes nothing. */
export type Arguments<R extends RouteName> = object extends Input<R> ? [input?: Input<R>] : [input: Input<R>];

interface LooseInput {
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
}

/** Where 401 means that what was typed is wrong, not that a session has ended. */
const SIGNING_IN: ReadonlySet<string> = new Set([
  'GET /session',
  'POST /session',
  'POST /session/authenticate',
]);

let whenSignedOut: () => void = () => {};

/** @param listener called when the server no longer knows the session */
export function onSignedOut(listener: () => void): void {
  whenSignedOut = listener;
}

/**
 * Calls a route of the admin API. Where the server asks who is there, the person is asked, and the call repeated.
 *
 * @throws ApiError what the server refused, or that it can't be reached
 * @throws Cancelled the person did not want to prove who is there
 */
export async function call<R extends RouteName>(route: R, ...[input]: Arguments<R>): Promise<Answer<R>> {
  return send(route, input as LooseInput | undefined) as Promise<Answer<R>>;
}

/** The same for a query, which can be given up. */
export async function callWith<R extends RouteName>(
  signal: AbortSignal,
  route: R,
  input: Input<R> | undefined,
): Promise<Answer<R>> {
  return send(route, input as LooseInput | undefined, { signal }) as Promise<Answer<R>>;
}

interface Way {
  readonly signal?: AbortSignal;
  readonly as?: 'json' | 'blob';
}

async function send(route: string, input: LooseInput = {}, way: Way = {}): Promise<unknown> {
  try {
    return await sendOnce(route, input, way);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.type === REAUTHENTICATE) {
      if (!(await proveAgain())) throw new Cancelled();
      return sendOnce(route, input, way);
    }
    if (error.status === 401 && !SIGNING_IN.has(route)) whenSignedOut();
    throw error;
  }
}

async function sendOnce(route: string, input: LooseInput, { signal, as }: Way): Promise<unknown> {
  const [method = 'GET'] = route.split(' ', 1);
  const response = await reach(urlOf(route, input), {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers: {
      accept: 'application/json, application/problem+json',
      'X-Roster-Request': '1',
      ...(input.body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
    ...(signal && { signal }),
  });
  if (!response.ok) throw new ApiError(response.status, ((await readJson(response)) ?? {}) as Refusal);
  return as === 'blob' ? response.blob() : readJson(response);
}

/**
 * Saves what a route answers as a file.
 *
 * @throws ApiError, Cancelled as `call` does
 */
export async function download<R extends RouteName>(
  route: R,
  input: Input<R>,
  fileName: string,
): Promise<void> {
  saveBlob((await send(route, input as LooseInput, { as: 'blob' })) as Blob, fileName);
}

async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new ApiError(0, {
      title: 'Roster can’t be reached',
      detail: 'No answer came from the server. Is it running, and is this machine connected to it?',
    });
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(response.status, {
      title: `The server answered ${response.status}`,
      detail: 'The answer is not JSON: something between this browser and Roster has answered instead.',
    });
  }
}

/**
 * The URL of a route, for links and event sources too.
 *
 * @param route such as `GET /tenants/{tenant}/users`
 */
export function urlOf(route: string, { params = {}, query = {} }: LooseInput = {}): string {
  const path = route
    .slice(route.indexOf(' ') + 1)
    .replace(/\{(\w+)\}/g, (_braces, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '')
      for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  return `/api/v1${path}${search.size === 0 ? '' : `?${search}`}`;
}
