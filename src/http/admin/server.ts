import { shownSettings } from '../../config.ts';
import { checkServer } from '../../service/server-checks.ts';
import type { SERVER_ROUTES } from './contract/server.ts';
import { scimUrls } from './credentials.ts';
import type { HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';

/** The server itself. */
export function serverHandlers(
  { services, config, baseUrl, requestLog }: AdminServices,
  version: string,
): HandlersOf<typeof SERVER_ROUTES> {
  return {
    async getServer() {
      const health = await checkServer(config, { ...services, droppedRequests: lostOf(requestLog) });
      return {
        ...{ version, baseUrl, ...scimUrls(baseUrl), isHttps: baseUrl.startsWith('https:') },
        ...{ requestLogDays: config.requestLogDays, health },
      };
    },

    listSettings: async () => shownSettings(config.given),
  };
}

/** How many requests the log has lost since the start; undefined: none are kept. */
function lostOf({ isOn, dropped }: AdminServices['requestLog']): number | undefined {
  if (!isOn) return undefined;
  return Object.values(dropped()).reduce((sum, count) => sum + count, 0);
}
