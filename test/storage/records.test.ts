import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportRecords } from '../../src/service/export.ts';
import { splitLines } from '../../src/service/export-lines.ts';
import { type ImportSummary, importRecords } from '../../src/service/import.ts';
import { readSecretKey } from '../../src/service/keys.ts';
import type { Engine } from '../../src/storage/sql/engine.ts';
import { createRecordStore } from '../../src/storage/sql/record-store.ts';
import { createSqlStorage } from '../../src/storage/sql/sql-storage.ts';
import { openSqlite } from '../../src/storage/sql/sqlite.ts';
import { populate } from '../cli/populated-server.ts';
import { createRoster, type Roster } from '../cli/roster.ts';
import { isOnCitus, temporaryEngine } from '../support/server.ts';

let roster: Roster;
let source: Engine;
beforeAll(async () => {
  roster = createRoster();
  await populate(roster);
  source = openSqlite(join(roster.dataDir, 'roster.db'));
}, 60_000);
afterAll(async () => {
  await source.close();
  await roster.close();
});

const NOW = Date.parse('2026-01-01T00:00:00Z');

async function linesOf(engine: Engine): Promise<string[]> {
  let text = '';
  const write = async (more: string): Promise<void> => {
    text += more;
  };
  await exportRecords({ records: createRecordStore(engine), now: () => NOW }, undefined, write, () => {});
  return text.trimEnd().split('\n');
}

function importInto(engine: Engine, lines: readonly string[]): Promise<ImportSummary> {
  const target = {
    records: createRecordStore(engine),
    directory: createSqlStorage(engine).directory,
    key: readSecretKey({ dataDir: roster.dataDir, secretKey: undefined, secretKeyFile: undefined }),
    acceptKey: false,
  };
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  // in pieces that no line ends with
  const pieces = Array.from({ length: Math.ceil(bytes.length / 777) }, (_, index) =>
    bytes.subarray(index * 777, (index + 1) * 777),
  );
  return importRecords(target, splitLines(ReadableStream.from(pieces)), () => {});
}

describe('records', () => {
  let engine: Engine;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ engine, close } = await temporaryEngine());
  });
  afterAll(() => close());

  it('are what was exported from SQLite, also when the import was interrupted', async () => {
    const lines = await linesOf(source);
    await expect(importInto(engine, lines.slice(0, 70))).rejects.toThrow(/cut off/);
    const { directory } = createSqlStorage(engine);
    expect((await directory.listTenants()).filter(({ active }) => active)).toEqual([]);
    const summary = await importInto(engine, lines);
    expect(summary).toMatchObject({ lines: lines.length - 1, resumedBehind: 70 });
    const again = await linesOf(engine);
    expect(again.slice(1, -1)).toEqual(lines.slice(1, -1));
    const [before, after] = [lines, again].map(([header = '']) => ({ ...JSON.parse(header), id: '' }));
    expect(after).toEqual(before);
    await expect(importInto(engine, lines)).rejects.toThrow(/has .+ already/);
  });

  // each server of Citus begins to read by itself
  if (!isOnCitus)
    it('are read as they were when the reading began', async () => {
      const before = await linesOf(engine);
      const records = createRecordStore(engine);
      const seen = await records.snapshot(async (snapshot) => {
        const tenants = await snapshot.listTenants();
        const { directory } = createSqlStorage(engine);
        for (const { id } of tenants) await directory.setTenantActive(id, false);
        await directory.deleteTenant(tenants.at(-1)?.id ?? '');
        let count = (await snapshot.ownersOf('')).length;
        for (const { id } of tenants)
          for await (const record of snapshot.recordsOf(id)) {
            count += 1;
            if (record.kind === 'tenant' && record.domain !== 'closed.com') expect(record.active).toBe(true);
          }
        return count;
      });
      expect(seen).toBe(before.length - 2);
      expect((await linesOf(engine)).length).toBeLessThan(before.length);
    });
});
