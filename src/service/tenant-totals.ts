import { GROUP_TYPE, USER_TYPE } from '../core/registry.ts';
import type { ResourceType } from '../core/resource-type.ts';
import type { RequestLogStore } from '../storage/request-log.ts';
import type { Storage } from '../storage/storage.ts';

/** The hour that was noted last. */
const SETTING = 'totals_noted';

/** Notes by the hour how many users and groups each tenant has, for the charts of what becomes of them. */
export function createTotals({
  store,
  storage,
  now,
}: {
  readonly store: Pick<RequestLogStore, 'noteTotals'>;
  readonly storage: Pick<Storage, 'directory' | 'exclusively' | 'listResources'>;
  readonly now: () => number;
}): { note(): Promise<void> } {
  const { directory } = storage;

  async function totalOf(tenantId: string, type: ResourceType): Promise<number> {
    const part = { type, filter: undefined, sort: undefined, relation: undefined };
    const page = { startIndex: 1, count: 0 };
    return (await storage.listResources(tenantId, { parts: [part], page })).totalResults;
  }

  return {
    async note() {
      const hour = new Date(now()).toISOString().slice(0, 13);
      const isNeeded = async (): Promise<boolean> => (await directory.getSetting(SETTING)) !== hour;
      await storage.exclusively('totals', now, isNeeded, async () => {
        for (const { id } of await directory.listTenants()) {
          const users = await totalOf(id, USER_TYPE);
          await store.noteTotals(id, { hour, users, groups: await totalOf(id, GROUP_TYPE) });
        }
        await directory.putSetting(SETTING, hour);
      });
    },
  };
}
