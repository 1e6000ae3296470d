import { useEffect, useState } from 'react';

/**
 * The code of a one-time link, which stands behind `#`. It leaves the address bar at once, so that it gets into no
 * bookmark, screenshot or history.
 */
export function useLinkCode(): string {
  const [code] = useState(() => decodeURIComponent(location.hash.slice(1)));
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search);
  }, []);
  return code;
}
