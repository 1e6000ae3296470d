import { describe, expect, it } from 'vitest';
import { PROVIDERS, type Provider } from '../../src/core/provider.ts';
import { explainRequest } from '../../src/service/explain.ts';
import { BY_REASON, BY_SCIM_TYPE, BY_STATUS } from '../../src/service/explanations.ts';
import { PLACES } from '../../src/service/provider-settings.ts';
import { REFUSALS } from '../../src/service/refused-credentials.ts';
import { readSources } from '../import-graph.ts';

const sources = readSources().map(({ text }) => text);

/** Everything in the sources that a pattern's group finds. */
const found = (pattern: RegExp): Set<string> =>
  new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name ?? '')));

const failed = (facts: Partial<Parameters<typeof explainRequest>[0]>) =>
  explainRequest({
    status: 400,
    scimType: undefined,
    reason: undefined,
    detail: undefined,
    provider: 'other',
    ...facts,
  });

describe('there is an explanation', () => {
  it('of every status that an answer can have', () => {
    const statuses = found(/\bnew ScimError\(\s*(\d{3})\b/g);
    expect(statuses.size).toBeGreaterThan(10);
    for (const status of [...statuses, '408', '503'])
      expect([status, BY_STATUS[Number(status)]?.summary]).toEqual([status, expect.stringMatching(/\.$/)]);
  });

  it('of every scimType that an answer can have', () => {
    const [text] = found(/export type ScimType =((?:\s*\| '\w+')+)/g);
    const scimTypes = [...(text ?? '').matchAll(/'(\w+)'/g)].map(([, name]) => name ?? '');
    expect(scimTypes.length).toBeGreaterThan(10);
    expect(Object.keys(BY_SCIM_TYPE).sort()).toEqual(scimTypes.sort());
  });

  it('of every reason that the log has', () => {
    expect(Object.keys(BY_REASON).sort()).toEqual([...REFUSALS, 'no SCIM at this URL'].sort());
  });

  it('with whole sentences, and the section of an RFC', () => {
    for (const { summary, remedy, rfc } of [BY_REASON, BY_SCIM_TYPE, BY_STATUS].flatMap((rows) =>
      Object.values(rows),
    )) {
      expect(summary).toMatch(/^[A-Z].*\.$/);
      expect(remedy).toMatch(/^[A-Z].*\.$/);
      expect(rfc).toMatch(/^RFC \d{4} section \d+(\.\d+)*$/);
    }
  });

  it('where each provider has the secret and the URL', () => {
    const known = (Object.keys(PROVIDERS) as Provider[]).filter((provider) => provider !== 'other');
    for (const provider of known) {
      expect([provider, PLACES[provider]?.secret]).toEqual([provider, expect.stringContaining(':')]);
      expect([provider, PLACES[provider]?.url]).toEqual([provider, expect.stringContaining(':')]);
    }
  });
});

describe('what explains a request', () => {
  it('is the reason before all else, with the setting of the provider', () => {
    expect(failed({ status: 401, reason: 'Bearer twice', provider: 'okta' })).toEqual({
      summary: BY_REASON['Bearer twice'].summary,
      rfc: 'RFC 6750 section 2.1',
      remedy: 'Enter the token alone.',
      setting: expect.stringContaining('Authentication Mode'),
    });
  });

  it('is the detail, where that says more than the scimType', () => {
    const detail = 'emails must hold an address with "primary": true.';
    const { remedy, setting } = failed({ scimType: 'invalidValue', detail, provider: 'onelogin' }) ?? {};
    expect(remedy).toContain('lift the rule');
    expect(setting).toContain('SCIM JSON Template');
  });

  it('is the scimType, or else the status', () => {
    expect(failed({ status: 409, scimType: 'uniqueness', provider: 'okta' })?.remedy).toMatch(/Import Now/);
    expect(failed({ status: 404 })).toMatchObject({ summary: BY_STATUS[404]?.summary, setting: undefined });
    expect(failed({ status: 418 })?.summary).toBe(BY_STATUS[400]?.summary);
    expect(failed({ status: 599 })?.summary).toBe(BY_STATUS[500]?.summary);
    expect(failed({ status: 404, scimType: 'constructor' })?.summary).toBe(BY_STATUS[404]?.summary);
  });

  it('is nothing where nothing failed', () => {
    expect(failed({ status: 200 })).toBeUndefined();
  });
});
