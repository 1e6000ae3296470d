/** Reads one parameter of a URL; undefined when it is not what it should be. */
type Reader<T> = (value: unknown) => T | undefined;

export const text: Reader<string> = (value) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value) || undefined
    : undefined;

/** A whole number from 1. */
export const count: Reader<number> = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;

export const flag: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

export const oneOf =
  <const T extends string>(...values: readonly T[]): Reader<T> =>
  (value) =>
    values.find((known) => known === value);

type Read<F> = { [K in keyof F]?: F[K] extends Reader<infer T> ? T : never };

/**
 * The `validateSearch` of a route: what its URL may hold after `?`. What is wrong or unknown is left out.
 *
 * @example validateSearch: searchOf({ q: text, page: count, open: text, sort: oneOf('userName', '-userName') })
 */
export const searchOf =
  <F extends Record<string, Reader<unknown>>>(fields: F) =>
  (search: Record<string, unknown>): Read<F> =>
    Object.fromEntries(
      Object.entries(fields).flatMap(([name, read]) => {
        const value = read(search[name]);
        return value === undefined ? [] : [[name, value]];
      }),
    ) as Read<F>;
