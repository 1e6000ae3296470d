/**
 * The order in which operations that need each other's results can be carried out: everything stays where it is, but what needs
 * a later operation waits for it. Operations that need each other in a circle form one step.
 *
 * @param needs by operation, the numbers of the operations whose results it needs
 * @returns steps of operation numbers
 * @example orderSteps([[1], [], [0, 3], [2]]) // [[1], [0], [2, 3]]
 */
export function orderSteps(needs: readonly (readonly number[])[]): number[][] {
  const steps = circlesOf(needs);
  const stepOf = new Map(steps.flatMap((step, number) => step.map((operation) => [operation, number])));
  // steps come after those they need, so that the places of those are known
  const places: number[] = [];
  for (const step of steps) {
    const needed = step
      .flatMap((operation) => needs[operation] ?? [])
      .map((other) => places[stepOf.get(other) ?? 0] ?? 0);
    places.push(Math.max(...step, ...needed));
  }
  return steps
    .map((step, number) => ({ step: step.sort((a, b) => a - b), number }))
    .sort((a, b) => (places[a.number] ?? 0) - (places[b.number] ?? 0) || a.number - b.number)
    .map(({ step }) => step);
}

/** The strongly connected components of a graph, each after all that it points to (Tarjan), without recursion. */
function circlesOf(needs: readonly (readonly number[])[]): number[][] {
  const found: number[][] = [];
  const index: number[] = [];
  const low: number[] = [];
  let seen = 0;
  const isOpen = new Set<number>();
  const open: number[] = [];
  for (const [start] of needs.entries()) {
    if (index[start] !== undefined) continue;
    const path = [{ node: start, next: 0 }];
    while (path.length > 0) {
      const step = path.at(-1) as { node: number; next: number };
      const { node } = step;
      if (step.next === 0) {
        index[node] = low[node] = seen++;
        open.push(node);
        isOpen.add(node);
      }
      const other = needs[node]?.[step.next++];
      if (other !== undefined) {
        if (index[other] === undefined) path.push({ node: other, next: 0 });
        else if (isOpen.has(other)) low[node] = Math.min(low[node] ?? 0, index[other] ?? 0);
        continue;
      }
      path.pop();
      const before = path.at(-1)?.node;
      if (before !== undefined) low[before] = Math.min(low[before] ?? 0, low[node] ?? 0);
      if (low[node] !== index[node]) continue;
      const circle = open.splice(open.indexOf(node));
      for (const each of circle) isOpen.delete(each);
      found.push(circle);
    }
  }
  return found;
}
