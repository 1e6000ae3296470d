let current = globalThis.location?.pathname.replace(/^\/console/, '') ?? '/';

/**
 * Whether a page is shown because somebody went to it, and not as the first one after the browser has loaded the console,
 * where browsers put the focus themselves.
 *
 * @param pathname of the page that is there now
 */
export function announcesNavigation(pathname: string): boolean {
  if (pathname === current) return false;
  current = pathname;
  return true;
}
