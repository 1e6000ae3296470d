import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Guide } from '../console/src/connect/guide.ts';
import { GUIDES } from '../console/src/connect/guides.ts';

/** The page of the documentation that says the same; another client is not one provider. */
const PAGES: Readonly<Record<string, string>> = {
  ...{ entra: 'entra-id', okta: 'okta', sap: 'sap', onelogin: 'onelogin', jumpcloud: 'jumpcloud' },
  ...{ ping: 'ping', google: 'google', sailpoint: 'sailpoint' },
};

const valuesOf = (guide: Guide, auth: 'bearer' | 'basic'): string[][] =>
  guide.forms.map(({ fields }) =>
    fields
      .filter((field) => field.auth === undefined || field.auth === auth)
      .flatMap(({ value }) => ('of' in value ? [value.of] : [])),
  );

describe('the guides of the console', () => {
  it.each(GUIDES.map((guide) => [guide.name, guide] as const))(
    '%s: have a place for the base URL and the whole secret',
    (_, guide) => {
      for (const auth of guide.auths) {
        const secret = auth === 'bearer' ? ['token'] : ['username', 'password'];
        const forms = valuesOf(guide, auth);
        for (const values of forms) expect(values).toContain('baseUrl');
        expect(forms.some((values) => secret.every((part) => values.includes(part)))).toBe(true);
        expect(forms.flat().every((value) => ['baseUrl', ...secret].includes(value))).toBe(true);
      }
    },
  );

  it.each(Object.entries(PAGES))('%s: call the fields as docs/connect/%s.md does', (id, page) => {
    const guide = GUIDES.find((each) => each.id === id);
    const text = readFileSync(new URL(`../docs/connect/${page}.md`, import.meta.url), 'utf8');
    const labels = guide?.forms.flatMap(({ fields }) => fields.map(({ label }) => label)) ?? [];
    expect(labels.length).toBeGreaterThan(0);
    expect(labels.filter((label) => !text.includes(label))).toEqual([]);
  });
});
