import {
  MutationCache,
  QueryClient,
  queryOptions,
  type UseMutationResult,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { tell } from '../ui/tell.ts';
import { type Answer, type Arguments, call, callWith, type Input, type RouteName } from './client.ts';
import { ApiError, Cancelled, messageOf } from './error.ts';

/** What has been read is shown at once and asked for again after this many milliseconds. */
const FRESH_MS = 5_000;

const isWorthRetrying = (count: number, error: Error): boolean =>
  count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502);

/** One for the whole console. */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: FRESH_MS, retry: isWorthRetrying } },
  mutationCache: new MutationCache({
    // what a form or a dialog shows itself says so with `meta`
    onError: (error, _variables, _context, mutation) => {
      if (!(error instanceof Cancelled) && mutation.meta?.showsErrors !== true)
        tell.failure(messageOf(error));
    },
  }),
});

/**
 * What `useQuery` and the loader of a route need to read something of the admin API:
 * `useQuery(ask('GET /tenants/{tenant}/users', { params: { tenant }, query: { search } }))`.
 */
export const ask = <R extends RouteName>(route: R, ...[input]: Arguments<R>) =>
  queryOptions<Answer<R>, Error, Answer<R>, readonly [R, Input<R> | undefined]>({
    queryKey: [route, input] as const,
    queryFn: ({ signal }) => callWith(signal, route, input),
  });

interface ChangeOptions<R extends RouteName> {
  /** Routes whose answers may be others now. */
  readonly outdates?: readonly RouteName[];
  /** What to tell when it is done. */
  readonly done?: string | ((answer: Answer<R>) => string);
  /** Whether the component shows failures itself; otherwise they appear as a notification. */
  readonly showsErrors?: boolean;
}

/**
 * A call that changes something: `const remove = useChange('DELETE /…', { outdates: ['GET /…'], done: 'Deleted' })`, then
 * `remove.mutate({ params })`, or `await remove.mutateAsync({ params })` in a form.
 */
export function useChange<R extends RouteName>(
  route: R,
  { outdates = [], done, showsErrors = false }: ChangeOptions<R> = {},
): UseMutationResult<Answer<R>, Error, Input<R>> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: Input<R>) => call(route, ...([input] as Arguments<R>)),
    meta: { showsErrors },
    onSuccess: async (answer) => {
      if (done !== undefined) tell.success(typeof done === 'string' ? done : done(answer));
      await Promise.all(outdates.map((name) => client.invalidateQueries({ queryKey: [name] })));
    },
  });
}
