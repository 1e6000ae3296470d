import { expect, it } from 'vitest';
import { parseCurl } from './curl.ts';

it('reads a command as a shell and curl do', () => {
  const put = `curl -v -k --user a:b https://h:1/x?y=a+Eq+%22b%22 -X PUT -d '{"a": "b \\" c"}' --header "A-b:c"`;
  expect(parseCurl(put)).toEqual({
    method: 'PUT',
    path: '/x?y=a+Eq+%22b%22',
    headers: {
      accept: '*/*',
      authorization: 'Basic YTpi',
      'content-type': 'application/x-www-form-urlencoded',
      'a-b': 'c',
    },
    body: '{"a": "b \\" c"}',
  });
  expect(parseCurl(`curl -d "{\\"a\\": 1}" -H "Content-type: text/plain" https://h/a`)).toEqual({
    method: 'POST',
    path: '/a',
    headers: { accept: '*/*', 'content-type': 'text/plain' },
    body: '{"a": 1}',
  });
  // quotes in the midst of a word, as in a command whose quoting is broken
  expect(parseCurl(`curl -d "{"a": "b"}" https://h/a`).body).toBe('{a: b}');
  expect(parseCurl(`curl 'https://h/a b'`)).toMatchObject({ method: 'GET', path: '/a%20b', body: undefined });
});

it.each(['wget https://h/', 'curl -k', 'curl https://h/ https://h/', 'curl -z https://h/', 'curl -X'])(
  'refuses %s',
  (line) => {
    expect(() => parseCurl(line)).toThrow();
  },
);
