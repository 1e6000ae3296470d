import { describe, expect, test } from 'vitest';
import { expectError } from '../http/messages.ts';
import type { Answer } from '../support/server.ts';
import { startProvider } from './provider.ts';

const provider = startProvider({ rateLimit: 1000 });

/** The answer to the first of many requests from one address that is not like those before. */
async function firstOther(path: string, headers: Record<string, string>, usual: number): Promise<Answer> {
  for (let count = 0; ; count++) {
    const answer = await provider.server.send('GET', `/scim/v2${path}`, headers);
    if (answer.status !== usual || count === 2000) return answer;
  }
}

describe('RFC 7644 sections 7.6 and 7.7', () => {
  test('RFC 7644 7.6 [7644-7.6-1] [7644-7.7-2] strangers are slowed down, whether they read or guess', async () => {
    const { client } = provider;
    const reading = await firstOther('/Schemas', {}, 200);
    const guess = { authorization: `${client.authorization.slice(0, -3)}AAA` };
    const guessing = await firstOther('/Users', guess, 401);
    for (const answer of [reading, guessing]) {
      expectError(answer, 429);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await client.request('GET', '/Users')).status).toBe(200);
  });
});
