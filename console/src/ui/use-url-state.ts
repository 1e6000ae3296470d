import { useNavigate } from '@tanstack/react-router';

/** What begins a list anew when anything else of the search changes. */
const PLACES: ReadonlySet<string> = new Set(['page', 'after', 'open']);

/**
 * Changes what stands in the URL behind `?`, for filters, pages and open rows:
 * `const change = useChangeSearch<typeof search>()`, then `change({ q: 'jo' })`. What becomes undefined leaves the URL, and
 * a list begins at its first page when something but `page`, `after` or `open` changes.
 */
export function useChangeSearch<Search extends object>(): (
  patch: { readonly [K in keyof Search]?: Search[K] | undefined },
  options?: { readonly replace?: boolean },
) => void {
  const navigate = useNavigate();
  return (patch, { replace = false } = {}) => {
    const isElsewhere = Object.keys(patch).some((name) => !PLACES.has(name));
    void navigate({
      to: '.',
      replace,
      resetScroll: false,
      search: ((previous: Record<string, unknown>) => ({
        ...previous,
        ...(isElsewhere && { page: undefined, after: undefined }),
        ...patch,
      })) as never,
    });
  };
}
