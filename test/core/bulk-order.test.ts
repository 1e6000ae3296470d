import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderSteps } from '../../src/core/bulk-order.ts';

test.each<[needs: number[][], steps: number[][]]>([
  [[], []],
  [
    [[], [], []],
    [[0], [1], [2]],
  ],
  [
    [[1], []],
    [[1], [0]],
  ],
  [
    [[2], [], []],
    [[1], [2], [0]],
  ],
  [[[0]], [[0]]],
  [
    [[1], [0], []],
    [[0, 1], [2]],
  ],
  [
    [[2], [], [0], [0]],
    [[1], [0, 2], [3]],
  ],
  [
    [[1], [2], [3], []],
    [[3], [2], [1], [0]],
  ],
])('%j is carried out as %j', (needs, steps) => {
  expect(orderSteps(needs)).toEqual(steps);
});

const graphs = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.array(fc.array(fc.integer({ min: 0, max: size - 1 }), { maxLength: 3 }), {
    minLength: size,
    maxLength: size,
  }),
);

test('every operation comes once, after what it needs or together with it', () => {
  fc.assert(
    fc.property(graphs, (needs) => {
      const steps = orderSteps(needs);
      const place = new Map(steps.flatMap((step, at) => step.map((operation) => [operation, at])));
      expect(steps.flat().sort((a, b) => a - b)).toEqual([...needs.keys()]);
      for (const [operation, others] of needs.entries())
        for (const other of others) expect((place.get(other) ?? 0) <= (place.get(operation) ?? 0)).toBe(true);
    }),
  );
});

test('operations that need each other in no circle are steps of their own', () => {
  fc.assert(
    fc.property(graphs, (needs) => {
      const earlier = needs.map((others, operation) => others.filter((other) => other < operation));
      expect(orderSteps(earlier)).toEqual([...needs.keys()].map((operation) => [operation]));
    }),
  );
});

test('a chain of ten thousand does not exhaust the stack', () => {
  const needs = [...Array(10_000).keys()].map((operation) => (operation < 9_999 ? [operation + 1] : [0]));
  expect(orderSteps(needs)).toHaveLength(1);
});
