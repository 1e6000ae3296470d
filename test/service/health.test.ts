import { describe, expect, it } from 'vitest';
import { attentionOf, healthOf, type Signs } from '../../src/service/health.ts';
import type { Credential, Integration, Tenant } from '../../src/storage/directory.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const ago = (ms: number): string => new Date(NOW - ms).toISOString();
const ahead = (ms: number): string => ago(-ms);

const tenant: Tenant = {
  ...{ id: 't', domain: 'acme.com', name: 'Acme', isSuper: false, active: true, created: ago(90 * DAY) },
};

const integration: Integration = {
  ...{ tenantId: 't', id: 'i', name: 'Entra ID', auth: 'bearer', created: ago(90 * DAY) },
  settings: { dialect: 'standard', requirePrimaryEmail: true, scopes: ['read', 'write'] },
};

const credential = (some: Partial<Credential> = {}): Credential => ({
  ...{ tenantId: 't', id: 'c', integrationId: 'i', digest: new Uint8Array(32), suffix: 'x7Qk' },
  ...{ created: ago(80 * DAY), lastUsed: undefined, expires: undefined, ...some },
});

const activity = (some: Partial<NonNullable<Signs['activity']>> = {}): NonNullable<Signs['activity']> => ({
  ...{ integrationId: 'i', lastRequest: ago(HOUR), lastSuccess: ago(HOUR), lastError: undefined },
  ...{ lastErrorId: undefined, lastErrorStatus: undefined, ...some },
});

const hour = (requests: number, refused: number, failed = 0): Signs['hours'][number] => ({
  ...{ hour: ago(HOUR).slice(0, 13), integrationId: 'i', requests, refused, failed, ms: requests },
});

const signs = (some: Partial<Signs> = {}): Signs => ({
  ...{ isTenantActive: true, credentials: [credential()], activity: activity(), hours: [], ...some },
});

const refused = { lastError: ago(1000), lastErrorId: 'r', lastErrorStatus: 400 };

describe('health of an integration', () => {
  it.each<[string, string, Partial<Signs>]>([
    ['has seen no request', 'waiting', { activity: undefined }],
    [
      'was used before requests were kept',
      'healthy',
      { activity: undefined, credentials: [credential({ lastUsed: ago(DAY) })] },
    ],
    ['answers', 'healthy', {}],
    ['has no credential', 'ended', { credentials: [] }],
    ['has none that lives', 'ended', { credentials: [credential({ expires: ago(1) })] }],
    ['is of a tenant that is deactivated', 'ended', { isTenantActive: false }],
    [
      'has refused everything so far',
      'failing',
      { activity: activity({ ...refused, lastSuccess: undefined }) },
    ],
    [
      'has refused everything for two hours',
      'failing',
      { activity: activity({ ...refused, lastSuccess: ago(2 * HOUR) }) },
    ],
    [
      'has refused what came in the last minutes',
      'healthy',
      { activity: activity({ ...refused, lastSuccess: ago(HOUR / 2) }) },
    ],
    ['has refused half of many', 'failing', { activity: activity(refused), hours: [hour(20, 8, 2)] }],
    ['has refused less than half', 'healthy', { activity: activity(refused), hours: [hour(20, 7, 2)] }],
    ['has refused half of few', 'healthy', { activity: activity(refused), hours: [hour(9, 9)] }],
    [
      'failed long ago for a while',
      'healthy',
      { activity: activity({ ...refused, lastError: ago(2 * DAY), lastSuccess: ago(3 * DAY) }) },
    ],
    [
      'has been left alone for a week',
      'silent',
      { activity: activity({ lastRequest: ago(7 * DAY), lastSuccess: ago(7 * DAY) }) },
    ],
    [
      'has been left alone for less',
      'healthy',
      { activity: activity({ lastRequest: ago(6.9 * DAY), lastSuccess: ago(6.9 * DAY) }) },
    ],
  ])('that %s is %s', (_, state, some) => {
    expect(healthOf(signs(some), NOW).state).toBe(state);
  });
});

describe('what needs attention', () => {
  const kinds = (some: Partial<Signs>, of = tenant) => {
    const known = signs({ isTenantActive: of.active, ...some });
    const health = healthOf(known, NOW);
    const { credentials } = known;
    return attentionOf(of, { integration, credentials, health, requests: 0, errors: 0 }, NOW).map(
      ({ kind, since }) => [kind, since],
    );
  };
  const ending = (days: number, some: Partial<Credential> = {}) =>
    credential({ expires: ahead(days * DAY), ...some });

  it.each<[string, unknown[], Partial<Signs>]>([
    ['nothing of one that is well', [], {}],
    ['nothing of one that waits', [], { activity: undefined }],
    [
      'one that fails',
      [['failing', refused.lastError]],
      { activity: activity({ ...refused, lastSuccess: undefined }) },
    ],
    ['one that is silent', [['silent', ago(8 * DAY)]], { activity: activity({ lastRequest: ago(8 * DAY) }) }],
    ['one that ended lately', [['ended', ago(DAY)]], { credentials: [credential({ expires: ago(DAY) })] }],
    ['not one that ended long ago', [], { credentials: [credential({ expires: ago(31 * DAY) })] }],
    ['a last credential with 30 days', [['expiring', ahead(30 * DAY)]], { credentials: [ending(30)] }],
    ['not one with 31', [], { credentials: [ending(31)] }],
    ['not one beside another that lives on', [], { credentials: [ending(3), credential()] }],
    [
      'one that is still in use beside another',
      [['expiring', ahead(3 * DAY)]],
      { credentials: [ending(3, { lastUsed: ago(HOUR) }), credential()] },
    ],
    [
      'not one that is in use no more',
      [],
      { credentials: [ending(3, { lastUsed: ago(DAY) }), credential({ lastUsed: ago(HOUR) })] },
    ],
  ])('is %s', (_, expected, some) => {
    expect(kinds(some)).toEqual(expected);
  });

  it('is nothing in a tenant that is deactivated', () => {
    expect(kinds({ credentials: [ending(1)] }, { ...tenant, active: false })).toEqual([]);
  });
});
