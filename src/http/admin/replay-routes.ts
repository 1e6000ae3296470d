import { explainRequest } from '../../service/explain.ts';
import type { REPLAY_ROUTES } from './contract/requests.ts';
import type { HandlersOf } from './mount.ts';
import { replayRequest } from './replay.ts';
import { shownChanges, unknownRequest } from './requests.ts';
import type { AdminServices } from './services.ts';

/** What a refusal says of itself (RFC 7644 section 3.12). */
interface ScimAnswer {
  readonly scimType?: Parameters<typeof explainRequest>[0]['scimType'];
  readonly detail?: string;
}

/** SCIM requests that are carried out again without changing anything. */
export function replayHandlers({
  services,
  requestLog,
  baseUrl,
}: AdminServices): HandlersOf<typeof REPLAY_ROUTES> {
  return {
    async replayRequest({ tenant, params: { request: id }, body: { body } }) {
      const found = await requestLog.get(tenant.id, id);
      if (found === undefined) throw unknownRequest(id);
      const replay = await replayRequest({ services, baseUrl }, tenant, found, body);
      const { status, headers, body: text, ms, tolerances, changes } = replay;
      const { scimType, detail } = status < 400 ? {} : readAnswer(text);
      return {
        ...{ status, headers: { ...headers }, body: text, ms, tolerances: [...tolerances] },
        changes: shownChanges(changes),
        explanation: explainRequest({
          status,
          scimType,
          detail,
          reason: undefined,
          provider: found.provider,
        }),
      };
    },
  };
}

/** SCIM 1.1 says what is wrong in another place, and has no words for it that a program knows. */
function readAnswer(text: string): ScimAnswer {
  try {
    return JSON.parse(text) as ScimAnswer;
  } catch {
    return {};
  }
}
