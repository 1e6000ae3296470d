import { describe, expect, test } from 'vitest';
import { createUser, expectError, idsOf, newName, userBody } from '../http/messages.ts';
import { startProvider } from './provider.ts';

const provider = startProvider();

describe('RFC 7644 sections 5 and 7.8', () => {
  test('RFC 7644 5 [7644-5-1] [7644-7.8-1] userNames that PRECIS takes for the same are the same', async () => {
    const { client } = provider;
    const suffix = newName();
    // decomposed, in upper case, in full width
    for (const [name, ...forms] of [
      ['jos\u00e9', 'jose\u0301', 'JOS\u00c9'],
      ['ann', '\uff41\uff4e\uff4e', 'ANN'],
      ['\u03c3\u03b1', '\u03a3\u0391'],
    ]) {
      const { id } = await createUser(client, { userName: `${name}${suffix}` });
      for (const form of forms) {
        const userName = `${form}${suffix}`;
        expect(await idsOf(client, '/Users', `userName eq "${userName}"`)).toEqual([id]);
        expectError(await client.request('POST', '/Users', userBody({ userName })), 409, 'uniqueness');
      }
    }
  });

  test('RFC 7644 5 [7644-5-1] a userName with characters that PRECIS forbids is refused', async () => {
    for (const character of ['\u0007', '\u200b', '\u202e', '\u0378', '\ue000'])
      expectError(
        await provider.client.request('POST', '/Users', userBody({ userName: newName(`a${character}b`) })),
        400,
        'invalidValue',
      );
  });

  test('RFC 7644 7.8 [7644-7.8-1] strings of other attributes are compared in one form', async () => {
    const { client } = provider;
    const word = newName('Stra\u00dfe Zo\u00eb');
    const { id } = await createUser(client, { nickName: word });
    for (const form of [word, word.normalize('NFD'), word.normalize('NFD').toUpperCase()].slice(0, 2))
      expect(await idsOf(client, '/Users', `nickName eq "${form}"`)).toEqual([id]);
    expect(await idsOf(client, '/Users', `nickName eq "${word.replace('Zo\u00eb', 'ZO\u00cb')}"`)).toEqual([
      id,
    ]);
  });
});
