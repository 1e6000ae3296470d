import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Unavailable } from '../../src/core/error.ts';
import { createTurns } from '../../src/storage/sql/turns.ts';

/** A task that notes its beginning and its end, and ends when it is told to. */
function taskIn(events: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    end: resolve,
    run: async () => {
      events.push(`${name} begins`);
      await promise;
      events.push(`${name} ends`);
      return name;
    },
  };
}

test('tasks that want the same go in their order, and others beside them', async () => {
  const events: string[] = [];
  const inTurn = createTurns(60_000);
  const [first, second, other] = ['first', 'second', 'other'].map((name) => taskIn(events, name)) as [
    ReturnType<typeof taskIn>,
    ReturnType<typeof taskIn>,
    ReturnType<typeof taskIn>,
  ];
  const done = [inTurn('a', first.run), inTurn('a', second.run), inTurn('b', other.run)];
  second.end();
  other.end();
  await done[2];
  first.end();
  expect(await Promise.all(done)).toEqual(['first', 'second', 'other']);
  expect(events).toEqual([
    ...['first begins', 'other begins', 'other ends', 'first ends'],
    ...['second begins', 'second ends'],
  ]);
});

test('a task that fails lets the next one go', async () => {
  const inTurn = createTurns(60_000);
  const failing = inTurn('a', async () => {
    throw new Error('failed');
  });
  const next = inTurn('a', async () => 'next');
  await expect(failing).rejects.toThrow('failed');
  expect(await next).toBe('next');
});

test('a task that waits for too long is refused, and those behind it wait on for the one before', async () => {
  const events: string[] = [];
  const inTurn = createTurns(100);
  const slow = taskIn(events, 'slow');
  const running = inTurn('a', slow.run);
  await expect(inTurn('a', async () => 'never')).rejects.toThrow(Unavailable);
  const behind = inTurn('a', async () => events.push('behind'));
  await turnOfTheLoop();
  slow.end();
  await Promise.all([running, behind]);
  expect(events).toEqual(['slow begins', 'slow ends', 'behind']);
});
