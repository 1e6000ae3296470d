import { shownSettings } from '../../config.ts';
import { checkServer } from '../../service/server-checks.ts';
import type { SERVER_ROUTES } from './contract/server.ts';
import { scimUrls } from './credentials.ts';
import type { HandlersOf } from './mount.ts';
import type { AdminServices } from './services.ts';

/** The server itself. */
export function serverHandlers(
  { services, config, baseUrl, droppedRequests }: AdminServices,
  version: string,
): HandlersOf<typeof SERVER_ROUTES> {
  return {
    async getServer() {
      const health = await checkServer(config, { ...services, droppedRequests: droppedRequests() });
      return {
        ...{ version, baseUrl, ...scimUrls(baseUrl), isHttps: baseUrl.startsWith('https:') },
        ...{ requestLogDays: 0, health },
      };
    },

    listSettings: async () => shownSettings(config.given),
  };
}
