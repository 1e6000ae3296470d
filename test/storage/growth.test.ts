import { expect, test } from 'vitest';
import { createGrowth } from '../../src/storage/sql/growth.ts';
import type { ResourceWrite, Transaction } from '../../src/storage/storage.ts';

type Insertion = Pick<Transaction, 'insertResource' | 'insertResources'>;

test('the database looks at its tables again when there are many more rows, and after the commit', async () => {
  let written = 0;
  const analyzedAt: number[] = [];
  const growth = createGrowth({
    async analyze() {
      analyzedAt.push(written);
      throw new Error('not now');
    },
  });
  const tx = growth.counting<Insertion>({ insertResource: async () => {}, insertResources: async () => {} });
  const write = {} as ResourceWrite;
  for (; written < 10_000; written += 100) {
    await tx.insertResources(
      't',
      Array.from({ length: 99 }, () => write),
    );
    await tx.insertResource('t', write);
    if (written % 200 === 0) growth.committed();
  }
  expect(analyzedAt).toEqual([400, 2000, 8400]);
});

test('what a transaction could not write does not count', async () => {
  let analyzed = false;
  const growth = createGrowth({
    async analyze() {
      analyzed = true;
    },
  });
  const refuse = async () => {
    throw new Error('taken');
  };
  const tx = growth.counting<Insertion>({ insertResource: refuse, insertResources: refuse });
  await expect(
    tx.insertResources(
      't',
      Array.from({ length: 1000 }, () => ({}) as ResourceWrite),
    ),
  ).rejects.toThrow('taken');
  growth.committed();
  expect(analyzed).toBe(false);
});
