import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { call, onSignedOut, urlOf } from '../src/api/client.ts';
import { ApiError, Cancelled, REAUTHENTICATE } from '../src/api/error.ts';
import { currentQuestion, subscribe } from '../src/api/reauthentication.ts';

interface Sent {
  readonly url: string;
  readonly request: RequestInit;
}

const sent: Sent[] = [];
let answers: (() => Response | Promise<Response>)[] = [];

const json = (status: number, body: unknown) => () => new Response(JSON.stringify(body), { status });
const problem = (status: number, more: object = {}) =>
  json(status, {
    type: 'about:blank',
    title: 'No',
    status,
    detail: 'It is not so.',
    requestId: 'r1',
    ...more,
  });

/** What the server answers, one after the other. */
function willAnswer(...next: typeof answers): void {
  answers = next;
}

/** Answers each question of who is there. */
function personWho(proves: boolean): { questions: number } {
  const asked = { questions: 0 };
  stopListening = subscribe(() => {
    const question = currentQuestion();
    if (question === undefined) return;
    asked.questions += 1;
    question.answer(proves);
  });
  return asked;
}

let stopListening = (): void => {};

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal('fetch', async (url: string, request: RequestInit) => {
    sent.push({ url, request });
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError('Failed to fetch');
    return answer();
  });
});

afterEach(() => {
  stopListening();
  onSignedOut(() => {});
  vi.unstubAllGlobals();
});

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the address of a call', () => {
  it.each([
    ['GET /tenants', {}, '/api/v1/tenants'],
    ['GET /tenants/{tenant}', { params: { tenant: 'a/b?c' } }, '/api/v1/tenants/a%2Fb%3Fc'],
    [
      'GET /tenants/{tenant}/requests',
      {
        params: { tenant: 'acme.com' },
        query: { status: '4xx', path: '/Users?x=1&y', after: '', since: undefined },
      },
      '/api/v1/tenants/acme.com/requests?status=4xx&path=%2FUsers%3Fx%3D1%26y',
    ],
  ])('%s %j is %s', (route, input, url) => {
    expect(urlOf(route, input)).toBe(url);
  });
});

describe('a call', () => {
  it('names itself, and sends and reads JSON', async () => {
    willAnswer(json(201, { name: 'AMRSNGHE', isEmpty: true }));
    const store = await call('POST /tenants/{tenant}/user-stores', {
      params: { tenant: 'acme.com' },
      body: { name: 'AMRSNGHE' },
    });
    expect(store).toEqual({ name: 'AMRSNGHE', isEmpty: true });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.request).toMatchObject({
      method: 'POST',
      body: '{"name":"AMRSNGHE"}',
      headers: { 'X-Roster-Request': '1', 'Content-Type': 'application/json' },
    });
  });

  it('gives nothing where there is no answer', async () => {
    willAnswer(() => new Response(null, { status: 204 }));
    expect(await call('DELETE /session')).toBeUndefined();
    expect(sent[0]?.request.headers).not.toHaveProperty('Content-Type');
  });

  it('throws what the server has refused, with its fields', async () => {
    willAnswer(problem(400, { fields: [{ path: 'name', message: 'Give a name.' }] }));
    const error = await caught(call('GET /tenants'));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 400,
      message: 'It is not so.',
      requestId: 'r1',
      fields: [{ path: 'name', message: 'Give a name.' }],
    });
  });

  it('throws with status 0 where the server can’t be reached, and tells of answers that are none of Roster', async () => {
    willAnswer();
    expect(await caught(call('GET /tenants'))).toMatchObject({ status: 0 });
    willAnswer(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    expect(await caught(call('GET /tenants'))).toMatchObject({ name: 'ApiError', status: 502 });
  });

  it('tells that the session has ended, but not where signing in is what failed', async () => {
    let ended = 0;
    onSignedOut(() => {
      ended += 1;
    });
    willAnswer(problem(401), problem(401), problem(401));
    await caught(call('POST /session', { body: { email: 'a', password: 'b' } }));
    await caught(call('GET /session'));
    expect(ended).toBe(0);
    await caught(call('GET /tenants'));
    expect(ended).toBe(1);
  });
});

describe('a call that needs a proof of who is there', () => {
  const again = problem(403, { type: REAUTHENTICATE });

  it('is repeated once the proof is given', async () => {
    const asked = personWho(true);
    willAnswer(again, json(200, []));
    expect(await call('GET /tenants')).toEqual([]);
    expect([asked.questions, sent.length]).toEqual([1, 2]);
    expect(currentQuestion()).toBeUndefined();
  });

  it('is asked for once by calls of the same time', async () => {
    const asked = personWho(true);
    willAnswer(again, again, json(200, []), json(200, []));
    await Promise.all([call('GET /tenants'), call('GET /tenants')]);
    expect(asked.questions).toBe(1);
  });

  it('is given up when the person will not', async () => {
    personWho(false);
    willAnswer(again);
    expect(await caught(call('GET /tenants'))).toBeInstanceOf(Cancelled);
    expect(sent).toHaveLength(1);
  });

  it('is not asked for again and again', async () => {
    const asked = personWho(true);
    willAnswer(again, again);
    expect(await caught(call('GET /tenants'))).toMatchObject({ status: 403 });
    expect(asked.questions).toBe(1);
  });
});
