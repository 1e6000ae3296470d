/**
 * The name that was probably meant by one with slips in it: three, or half of what is left of a short name.
 *
 * @param start what all names begin with
 * @returns undefined when no name is close enough
 */
export function closestTo(name: string, known: readonly string[], start: string): string | undefined {
  const [closest] = known
    .map((candidate) => ({ candidate, distance: distanceBetween(name, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  if (closest === undefined) return undefined;
  const slips = Math.min(3, (closest.candidate.length - start.length) / 2);
  return closest.distance <= slips ? closest.candidate : undefined;
}

/** How many characters have to be put in, taken out or exchanged to make one text the other (Levenshtein). */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const exchanged = (row[j] as number) + (letter === other ? 0 : 1);
      next.push(Math.min(exchanged, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
