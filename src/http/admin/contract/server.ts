import { z } from 'zod';
import { declareRoutes } from './route.ts';

export const SERVER_ROUTES = declareRoutes({
  getServer: {
    method: 'GET',
    path: '/server',
    tag: 'Server',
    summary: 'What this server is and how it does',
    access: 'operator',
    answer: z.object({
      version: z.string(),
      baseUrl: z.string(),
      scimBaseUrl: z.string(),
      scim1BaseUrl: z.string(),
      isHttps: z.boolean(),
      requestLogDays: z.int().meta({ description: '0: no requests are kept.' }),
      health: z.array(
        z.object({
          name: z.string(),
          state: z.enum(['ok', 'warning', 'failed', 'unknown']),
          detail: z.string(),
        }),
      ),
    }),
  },
  listSettings: {
    method: 'GET',
    path: '/server/settings',
    tag: 'Server',
    summary: 'How the server is set',
    description: 'Settings are environment variables; secrets are left out.',
    access: 'owner',
    answer: z.array(
      z.object({
        name: z.string(),
        value: z.string().optional().meta({ description: 'Absent: not set, or a secret.' }),
        isSet: z.boolean(),
        default: z.string(),
        meaning: z.string(),
      }),
    ),
  },
});
