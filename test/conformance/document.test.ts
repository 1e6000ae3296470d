import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conformanceDocument } from './document.ts';
import { RFCS } from './rfcs.ts';
import { testTitles } from './test-titles.ts';

const titles = testTitles(import.meta.dirname);
const requirements = RFCS.flatMap((rfc) => rfc.requirements.map((requirement) => ({ ...requirement, rfc })));
const byId = new Map(requirements.map((requirement) => [requirement.id, requirement]));

describe('the conformance page', () => {
  it('gives every requirement an id of its own, which says RFC and section', () => {
    const ids = requirements.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    const expected = requirements.map(
      ({ id, rfc, section }) => `${rfc.number}-${section}-${id.split('-')[2]}`,
    );
    expect(ids).toEqual(expected);
  });

  it('has a heading for every section that asks something, and for no other', () => {
    for (const { sections, requirements } of RFCS) {
      const asking = new Set(requirements.map(({ section }) => section));
      expect(Object.keys(sections).toSorted()).toEqual([...asking].toSorted());
    }
  });

  it('shows every requirement by a test, or says why not', () => {
    const shown = new Set(titles.flatMap(({ ids }) => ids));
    const open = requirements.filter(({ id, reason }) => !shown.has(id) && reason === undefined);
    expect(open.map(({ id }) => id)).toEqual([]);
    const unexplained = requirements.filter(
      ({ followed, reason }) => followed === false && reason === undefined,
    );
    expect(unexplained.map(({ id }) => id)).toEqual([]);
  });

  it('refers to tests elsewhere that are there', () => {
    const named = requirements.flatMap(({ reason }) => reason?.match(/test\/[\w./-]+\.test\.ts/g) ?? []);
    expect(named).not.toEqual([]);
    for (const file of named) expect(existsSync(join(import.meta.dirname, '../..', file)), file).toBe(true);
  });

  it('knows every requirement that a test names, and the section that its title begins with', () => {
    const unknown = titles.filter(({ ids }) => ids.some((id) => !byId.has(id)));
    expect(unknown).toEqual([]);
    const elsewhere = titles.filter(({ ids, rfc, section }) => !ids[0]?.startsWith(`${rfc}-${section}-`));
    expect(elsewhere).toEqual([]);
  });

  it('is what the requirements and the tests make of it', async () => {
    await expect(conformanceDocument(RFCS, titles)).toMatchFileSnapshot('../../docs/conformance.md');
  });
});
