import { notFound } from '../../core/error.ts';
import type { JsonObject } from '../../core/json.ts';
import { PATCH_SCHEMA } from '../../core/patch-operation.ts';
import { USER_TYPE } from '../../core/registry.ts';
import type { ResourceType } from '../../core/resource-type.ts';
import { type ResourceAnswer, wholeText } from '../../service/answers.ts';
import { historyOf } from '../../service/audit.ts';
import type { RequestContext } from '../../service/context.ts';
import { deletionImpact } from '../../service/deletion-impact.ts';
import { changeGroupMembers, listGroupMembers, requireGroup } from '../../service/group-members.ts';
import { createOperatorContexts, type OperatorRequest } from '../../service/operator-context.ts';
import { requirePassword } from '../../service/passwords.ts';
import { searchResources, withoutMembers } from '../../service/resource-search.ts';
import {
  createResource,
  deleteResource,
  getResource,
  patchResource,
  replaceResource,
} from '../../service/resources.ts';
import { makePassword } from '../../service/secrets.ts';
import { shownAudit } from './audit.ts';
import { actorOf } from './caller.ts';
import type { RESOURCE_ROUTES } from './contract/resources.ts';
import type { Call, HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';

type Handlers = HandlersOf<typeof RESOURCE_ROUTES>;
type Routes = typeof RESOURCE_ROUTES;
type CallOfType = Call<Routes['getHistory']>;

/** Users, groups and what else a tenant has, by the same services as SCIM requests. */
export function resourceHandlers(settings: AdminServices): Handlers {
  const { services } = settings;
  const contextFor = createOperatorContexts(settings);

  const contextOf = (
    { tenant, caller, request }: Pick<CallOfType, 'tenant' | 'caller' | 'request'>,
    more: Pick<OperatorRequest, 'version' | 'protocol'> = {},
  ): Promise<RequestContext> => contextFor({ tenant, actor: actorOf(request, caller), ...more });

  return {
    async listResources(call) {
      const context = await contextOf(call);
      const type = typeNamed(context, call.params.type);
      const { totalResults, resources } = await searchResources(services, context, type, call.query);
      return {
        totalResults,
        startIndex: call.query.startIndex,
        resources: resources.map((text) => JSON.parse(text) as JsonObject),
      };
    },

    async createResource(call) {
      const context = await contextOf(call);
      const type = typeNamed(context, call.params.type);
      return shown(await createResource(services, context, type, call.body, withoutMembers(type)));
    },

    async getResource(call) {
      const context = await contextOf(call, call.query);
      const type = typeNamed(context, call.params.type);
      return shown(await getResource(services, context, type, call.params.id, withoutMembers(type)));
    },

    async replaceResource(call) {
      const context = await contextOf(call, call.query);
      const type = typeNamed(context, call.params.type);
      const { id } = call.params;
      return shown(await replaceResource(services, context, type, id, call.body, withoutMembers(type), true));
    },

    async patchResource(call) {
      const context = await contextOf(call, call.query);
      const type = typeNamed(context, call.params.type);
      const { id } = call.params;
      const projection = withoutMembers(type);
      const { answer } = await patchResource(services, context, type, id, call.body, projection);
      return shown(answer ?? (await getResource(services, context, type, id, projection)));
    },

    async deleteResource(call) {
      const context = await contextOf(call);
      await deleteResource(services, context, typeNamed(context, call.params.type), call.params.id);
      return undefined;
    },

    async getImpact(call) {
      const context = await contextOf(call);
      const type = typeNamed(context, call.params.type);
      const impact = await deletionImpact(services, context, type, call.params.id);
      return { ...impact, groups: [...impact.groups], permissions: shownPermissions(impact.permissions) };
    },

    async getHistory(call) {
      const context = await contextOf(call);
      typeNamed(context, call.params.type);
      const { after, limit } = call.query;
      const page = await historyOf(services, call.tenant.id, call.params.id, after, limit);
      return shownAudit(page, call.tenant.domain);
    },

    async setPassword(call) {
      const context = await contextOf(call);
      const type = typeNamed(context, USER_TYPE.name);
      const given = call.body.password;
      if (given !== undefined) requirePassword(given, 'password');
      const password = given ?? makePassword();
      const attribute = type.passwordAttribute?.name ?? 'password';
      const body = {
        schemas: [PATCH_SCHEMA],
        Operations: [{ op: 'replace', path: attribute, value: password }],
      };
      await patchResource(services, context, type, call.params.user, body, withoutMembers(type));
      return given === undefined ? { password } : {};
    },

    async listMembers(call) {
      const context = await contextOf(call);
      const { members, next, total } = await listGroupMembers(
        services,
        context,
        call.params.group,
        call.query,
      );
      const items = members.map(({ value, type, name }) => ({
        id: value,
        type,
        ...(name !== undefined && { display: name }),
      }));
      return { items, total, ...(next !== undefined && { next }) };
    },

    async changeMembers(call) {
      const context = await contextOf(call);
      return { total: await changeGroupMembers(services, context, call.params.group, call.body) };
    },

    async getPermissions(call) {
      await requireGroup(services, await contextOf(call), call.params.group);
      const group = await call.by.permissions.find(call.tenant, call.params.group);
      return { permissions: shownPermissions(group.permissions) };
    },

    async setPermissions(call) {
      await requireGroup(services, await contextOf(call), call.params.group);
      const group = await call.by.permissions.replace(call.tenant, call.params.group, call.body.permissions);
      return { permissions: shownPermissions(group.permissions) };
    },
  };
}

const shown = async ({ body }: ResourceAnswer): Promise<JsonObject> =>
  JSON.parse(await wholeText(body)) as JsonObject;

type Permission = 'login' | 'provision';

/** The order is that of what people may do: to sign in first. */
const shownPermissions = (permissions: readonly string[]): Permission[] =>
  (['login', 'provision'] as const).filter((each) => permissions.includes(each));

/** @throws ScimError 404 */
function typeNamed({ registry }: RequestContext, name: string): ResourceType {
  const type = registry.typeByName.get(name);
  if (type === undefined) throw notFound(`There is no resource type ${JSON.stringify(name)} in this tenant.`);
  return type;
}
