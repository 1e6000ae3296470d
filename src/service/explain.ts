import type { Provider } from '../core/provider.ts';
import type { RequestSummary } from '../storage/request-log.ts';
import { BY_DETAIL, BY_REASON, BY_SCIM_TYPE, BY_STATUS, type ExplanationRow } from './explanations.ts';
import { PLACES } from './provider-settings.ts';

/** Why a request failed, in words for the person who set the provider up. Names of fields stand between asterisks. */
export interface Explanation {
  readonly summary: string;
  /** `RFC 7644 section 3.12` */
  readonly rfc: string | undefined;
  /** What to change. */
  readonly remedy: string;
  /** Where that is at the provider, as far as it is known which one it is. */
  readonly setting: string | undefined;
}

/** What decides about an explanation. */
export type ExplainedRequest = Pick<RequestSummary, 'status' | 'scimType' | 'reason' | 'detail' | 'provider'>;

/**
 * Explains the failure of a request.
 *
 * @returns undefined when it did not fail
 */
export function explainRequest(request: ExplainedRequest): Explanation | undefined {
  const row = rowOf(request);
  if (row === undefined) return undefined;
  const more = row.more?.[request.provider];
  return {
    summary: row.summary,
    rfc: row.rfc,
    remedy: more === undefined ? row.remedy : `${row.remedy} ${more}`,
    setting: settingOf(row, request.provider),
  };
}

function rowOf({ status, scimType, reason, detail }: ExplainedRequest): ExplanationRow | undefined {
  if (status < 400) return undefined;
  const rows = [
    ownRow(BY_REASON, reason),
    BY_DETAIL.find((row) => detail !== undefined && row.detail.test(detail)),
    ownRow(BY_SCIM_TYPE, scimType),
    BY_STATUS[status],
  ];
  return rows.find((row) => row !== undefined) ?? BY_STATUS[status < 500 ? 400 : 500];
}

const ownRow = (
  rows: Readonly<Record<string, ExplanationRow>>,
  name: string | undefined,
): ExplanationRow | undefined => (name !== undefined && Object.hasOwn(rows, name) ? rows[name] : undefined);

const settingOf = ({ place }: ExplanationRow, provider: Provider): string | undefined =>
  place && PLACES[provider]?.[place];
