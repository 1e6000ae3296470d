import { ANSWER_FORM_2 } from '../core/answer-form.ts';
import { readPrecondition } from '../core/etag.ts';
import { PRIMARY_STORE } from '../core/store-name.ts';
import { toleranceOf } from '../core/tolerance.ts';
import { answerForm1 } from '../core/v1/answer.ts';
import type { Actor } from '../storage/audit.ts';
import type { Tenant } from '../storage/directory.ts';
import type { RequestContext, Services } from './context.ts';
import type { Registries } from './registries.ts';

/** How an operator's request about resources is carried out. */
export interface OperatorRequest {
  readonly tenant: Tenant;
  readonly actor: Actor;
  /** `meta.version` that a change was made for; undefined: whatever it is. */
  readonly version?: string | undefined;
  /** The version of the protocol that answers are written in. */
  readonly protocol?: '2.0' | '1.1';
}

/** Gives requests of operators what the engine asks for, so that they go the way of SCIM requests. */
export type OperatorContexts = (request: OperatorRequest) => Promise<RequestContext>;

/** People of the house need no e-mail address. */
const SETTINGS = { dialect: 'standard', requirePrimaryEmail: false, scopes: ['read', 'write'] } as const;

/** @param baseUrl the server's URL as clients reach it, without a slash at the end */
export function createOperatorContexts({
  services: { storage },
  registries,
  baseUrl,
}: {
  readonly services: Pick<Services, 'storage'>;
  readonly registries: Registries;
  readonly baseUrl: string;
}): OperatorContexts {
  const { directory } = storage;

  async function form1(tenantId: string): Promise<RequestContext['form']> {
    const stores = await directory.listUserStores(tenantId);
    return answerForm1({
      storeNames: stores.map(({ name }) => name).filter((name) => name !== PRIMARY_STORE),
    });
  }

  return async ({ tenant: { id: tenantId }, actor, version, protocol = '2.0' }) => ({
    tenantId,
    actor,
    subject: actor.id,
    changes: [],
    isOwn: false,
    settings: SETTINGS,
    // an answer of a change always shows what became of the resource
    tolerance: toleranceOf(SETTINGS.dialect, { 'group-patch-without-body': false }),
    precondition: readPrecondition(version, undefined),
    registry: await registries.of(tenantId, await directory.definitionRevision(tenantId)),
    form: protocol === '1.1' ? await form1(tenantId) : ANSWER_FORM_2,
    baseUrl: `${baseUrl}${protocol === '1.1' ? '/wso2/scim' : '/scim/v2'}`,
  });
}
