import type { ResourceType } from '../../core/resource-type.ts';
import { PRIMARY_STORE } from '../../core/store-name.ts';
import { toleranceOf } from '../../core/tolerance.ts';
import { answerForm1, minimalProjection } from '../../core/v1/answer.ts';
import { readAttributes1 } from '../../core/v1/attributes.ts';
import { decodeBody1 } from '../../core/v1/body.ts';
import { bulkResponse1, decodeBulk1 } from '../../core/v1/bulk.ts';
import { decodeFilter1 } from '../../core/v1/filter.ts';
import { nameIn2 } from '../../core/v1/names.ts';
import { decodePatch1 } from '../../core/v1/patch.ts';
import type { Protocol } from '../scim/protocol.ts';
import { listParametersOf, names } from '../scim/query.ts';

export const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';

/** SCIM 1.1, as WSO2 Identity Server speaks it: everything is translated to and from the terms of 2.0 here. */
export const SCIM_1: Protocol = {
  version: '1.1',
  asksGroups: true,
  hasVersions: false,
  deletedStatus: 200,
  mediaTypeFor: () => JSON_MEDIA_TYPE,
  // what 2.0 integrations may be asked for is no part of this version
  settingsOf: (settings) => ({ ...settings, dialect: 'standard', requirePrimaryEmail: false }),
  // translated messages need what the standard dialect takes; clients are told the whole resource, always
  tolerancesOf: () => toleranceOf('standard', { 'group-patch-without-body': false }),
  formOf: (stores) => answerForm1({ storeNames: storeNamesOf(stores) }),
  decodeResource: decodeBody1,
  decodePatch: decodePatch1,
  decodeBulk: (registry, body) => decodeBulk1(registry, body),
  bulkResponse: bulkResponse1,
  projectionOf: (request, type) => readAttributes1(type, names(request, 'attributes')),

  listParametersOf(request, types) {
    const [type] = types as [ResourceType];
    const given = listParametersOf(request);
    const wanted = names(request, 'attributes');
    const storeNames = storeNamesOf(request.scim?.userStores ?? []);
    const filter = given.filter && decodeFilter1(type, given.filter, { storeNames });
    return {
      ...given,
      sortBy: given.sortBy && (nameIn2(type, given.sortBy) ?? given.sortBy),
      cursor: undefined,
      filter,
      projectionOf: (each) =>
        wanted === undefined ? minimalProjection(each) : readAttributes1(each, wanted),
    };
  },
};

const storeNamesOf = (stores: readonly { readonly name: string }[]): string[] =>
  stores.map(({ name }) => name).filter((name) => name !== PRIMARY_STORE);
