import type { Services } from './context.ts';

/**
 * Runs any call of a service without changing anything: it sees what it has written, and all of it is undone at the end,
 * records of the audit too.
 *
 * @param tenantId whose data is written; that of others can be read
 * @param work must do everything through the services it gets
 * @throws Unavailable when it takes longer than 5 s, or 2 s behind its first write
 * @example await dryRun(services, tenant.id, (dry) => deleteResource(dry, context, USER_TYPE, id))
 */
export const dryRun = <T>(
  services: Services,
  tenantId: string,
  work: (dry: Services) => Promise<T>,
): Promise<T> => services.storage.dryRun(tenantId, (storage) => work({ ...services, storage }));
