import { lazy, Suspense, useState, useSyncExternalStore } from 'react';
import { currentQuestion, subscribe } from '../api/reauthentication.ts';

const Dialog = lazy(() =>
  import('./reauthentication-dialog.tsx').then((module) => ({ default: module.ReauthenticationDialog })),
);

/** Asks who is there when the server wants to know again; what asks is loaded when that happens. */
export function Reauthentication() {
  const question = useSyncExternalStore(subscribe, currentQuestion);
  // it stays then, so that the focus goes back to where it was
  const [isLoaded, setIsLoaded] = useState(false);
  if (question !== undefined && !isLoaded) setIsLoaded(true);
  return <Suspense>{isLoaded && <Dialog question={question} />}</Suspense>;
}
