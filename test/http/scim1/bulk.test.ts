import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Answer } from '../../support/server.ts';
import { newName } from '../messages.ts';
import { isError1, PASSWORD, type Send1, type Server1, startServer1 } from './server1.ts';

const CORE_1 = 'urn:scim:schemas:core:1.0';

let one: Server1;
let send: Send1;

beforeAll(async () => {
  one = await startServer1();
  send = one.send;
});
afterAll(() => one.server.close());

const bulk = (Operations: unknown, more: object = {}): Promise<Answer> =>
  send('POST', '/Bulk', { schemas: [CORE_1], Operations, ...more });

const user = () => ({ userName: newName('bulk'), password: PASSWORD });
const post = (path: string, bulkId: string, data: object) => ({ method: 'POST', path, bulkId, data });
const codes = ({ json }: Answer): string[] =>
  json.Operations.map(({ status }: { status: { code: string } }) => status.code);
const idAt = ({ json }: Answer, index: number): string => json.Operations[index].location.split('/').at(-1);

describe('Bulk of SCIM 1.1', () => {
  it('carries out every method, and answers with codes as strings', async () => {
    const made = await send('POST', '/Users', user());
    const other = await send('POST', '/Users', user());
    const answer = await bulk([
      post('/Users', 'new', user()),
      { method: 'PUT', path: `/Users/${made.json.id}`, data: { userName: made.json.userName, title: 'Put' } },
      {
        method: 'PATCH',
        path: `/Users/${made.json.id}`,
        data: { nickName: 'Patched', meta: { attributes: ['title'] } },
      },
      { method: 'DELETE', path: `/Users/${other.json.id}` },
    ]);
    expect([answer.status, answer.json.schemas]).toEqual([200, [CORE_1]]);
    const at = made.json.meta.location.replace(made.json.id, '');
    expect(answer.json.Operations).toEqual([
      { method: 'POST', bulkId: 'new', status: { code: '201' }, location: expect.stringMatching(`^${at}.`) },
      { method: 'PUT', status: { code: '200' }, location: `${at}${made.json.id}` },
      { method: 'PATCH', status: { code: '200' }, location: `${at}${made.json.id}` },
      { method: 'DELETE', status: { code: '200' }, location: `${at}${other.json.id}` },
    ]);
    const changed = await send('GET', `/Users/${made.json.id}`);
    expect([changed.json.nickName, changed.json.title]).toEqual(['Patched', undefined]);
    expect(isError1(await send('GET', `/Users/${other.json.id}`), 404)).toBe(true);
  });

  it('resolves references, and answers failures with what is wrong', async () => {
    const answer = await bulk([
      post('/Groups', 'team', { displayName: newName('team'), members: [{ value: 'bulkId:ann' }] }),
      post('/Users', 'ann', {
        ...user(),
        'urn:scim:schemas:extension:enterprise:1.0': { manager: { managerId: 'bulkId:bob' } },
      }),
      post('/Users', 'bob', user()),
      post('/Users', 'bad', { password: PASSWORD }),
      post('/Users', 'short', { ...user(), password: 'x' }),
    ]);
    expect(codes(answer)).toEqual(['201', '201', '201', '400', '400']);
    for (const { status, location } of answer.json.Operations.slice(3))
      expect([status.description.length > 0, location]).toEqual([true, undefined]);
    const group = await send('GET', `/Groups/${idAt(answer, 0)}`);
    expect(group.json.members.map(({ value }: { value: string }) => value)).toEqual([idAt(answer, 1)]);
    const ann = await send('GET', `/Users/${idAt(answer, 1)}`);
    expect(ann.json['urn:scim:schemas:extension:enterprise:1.0'].manager.managerId).toBe(idAt(answer, 2));
  });

  it('stops after failOnErrors errors, and leaves what was not carried out out of the answer', async () => {
    const operations = [
      post('/Users', 'a', user()),
      post('/Users', 'b', {}),
      post('/Users', 'c', user()),
      post('/Users', 'd', {}),
      post('/Users', 'e', user()),
    ];
    expect(codes(await bulk(operations, { failOnErrors: 2 }))).toEqual(['201', '400', '201', '400']);
    expect(codes(await bulk(operations.slice(1), { failOnErrors: 1 }))).toEqual(['400']);
  });

  it('takes the data of existing clients, which repeat the operation in it', async () => {
    const data = { ...user(), schemas: [CORE_1], path: '/Users', method: 'POST', bulkId: 'x' };
    expect(codes(await bulk([post('/Users', 'x', data)]))).toEqual(['201']);
  });

  test.each<[what: string, operation: object]>([
    ['to Bulk', post('/Bulk', 'x', {})],
    ['to another server', post('http://127.0.0.1:1/Users', 'x', {})],
    ['to me', { method: 'PATCH', path: '/Users/me', data: { title: 'x' } }],
    ['to an unknown endpoint', post('/Devices', 'x', {})],
    ['without bulkId', { method: 'POST', path: '/Users', data: user() }],
    ['by GET', { method: 'GET', path: '/Users/x' }],
  ])('an operation %s fails by itself', async (_what, operation) => {
    const answer = await bulk([operation, post('/Users', 'good', user())]);
    expect(answer.status).toBe(200);
    expect(codes(answer)).toEqual([expect.stringMatching(/^40[04]$/), '201']);
  });

  it('more than 1,000 operations are 413, and nothing is carried out', async () => {
    const count = async () => (await send('GET', '/Users?count=1')).json.totalResults;
    const before = await count();
    const many = Array.from({ length: 1001 }, (_, index) => post('/Users', `u${index}`, user()));
    expect(isError1(await bulk(many), 413)).toBe(true);
    expect(await count()).toBe(before);
  });
});
