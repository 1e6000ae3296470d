import { useEffect, useEffectEvent, useState } from 'react';
import { type Arguments, type RouteName, urlOf } from './client.ts';

/** How a stream of events is: `waiting` until it is open, and while the browser connects again. */
export type LiveState = 'off' | 'waiting' | 'live';

/**
 * Server-sent events of a route, as long as the component is there.
 *
 * @param onEvent called with the data of each event, parsed
 * @param options `enabled` false: no connection. `event`: the name of the events; absent: those without a name
 */
export function useLive<R extends RouteName, Event>(
  route: R,
  input: NonNullable<Arguments<R>[0]>,
  onEvent: (event: Event) => void,
  { enabled = true, event = 'message' }: { readonly enabled?: boolean; readonly event?: string } = {},
): LiveState {
  const [state, setState] = useState<LiveState>('off');
  const tell = useEffectEvent(onEvent);
  const url = urlOf(route, input);
  useEffect(() => {
    if (!enabled) return undefined;
    setState('waiting');
    const source = new EventSource(url);
    source.onopen = () => setState('live');
    source.onerror = () => setState('waiting');
    source.addEventListener(event, ({ data }) => tell(JSON.parse(data) as Event));
    return () => {
      source.close();
      setState('off');
    };
  }, [url, enabled, event]);
  return state;
}
