import { actingOf, requireSession } from './calling.ts';
import type { OPERATOR_ROUTES } from './contract/session.ts';
import type { HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';
import { shownOperator } from './session.ts';

/** The people whom an operator administers. */
export function operatorHandlers({
  operatorServices: { operators, audit },
}: Pick<AdminServices, 'operatorServices'>): HandlersOf<typeof OPERATOR_ROUTES> {
  return {
    async listOperators({ caller, request }) {
      return (await operators.list(actingOf(request, caller, audit))).map(shownOperator);
    },

    async inviteOperator({ caller, body, request }) {
      const given = { ...body, tenant: body.tenant };
      const { operator, link } = await operators.invite(actingOf(request, caller, audit), given);
      return { operator: shownOperator(operator), link };
    },

    async updateOperator({ caller, params, body, request }) {
      return shownOperator(await operators.update(actingOf(request, caller, audit), params.operator, body));
    },

    async resetOperator({ caller, params, request }) {
      // its link sets the password: who has found an API key must not become the person by it
      if (params.operator === caller.operator.id) requireSession(caller);
      return (await operators.reset(actingOf(request, caller, audit), params.operator)).link;
    },

    async deleteOperator({ caller, params, request }) {
      await operators.remove(actingOf(request, caller, audit), params.operator);
      return undefined;
    },
  };
}
