import { expect } from 'vitest';

/** How a provider signs its requests. */
export const bearer = (token: string): string => `Bearer ${token}`;
export const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** What came back from SCIM. */
export interface ScimAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what came back
  readonly json: any;
}

/** Sends a SCIM request as an identity provider does. @param url with the base URL that the console shows */
export async function sendScim(
  authorization: string,
  method: string,
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<ScimAnswer> {
  const answer = await fetch(url, {
    method,
    headers: {
      authorization,
      accept: 'application/scim+json',
      ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
}

/** A user as a provider creates one. */
const userBody = (userName: string, more: Readonly<Record<string, unknown>> = {}): unknown => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName,
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  emails: [{ value: userName.includes('@') ? userName : `${userName}@example.com`, primary: true }],
  ...more,
});

/** Creates a user over SCIM. @returns its id */
export async function createUser(
  authorization: string,
  baseUrl: string,
  userName: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const answer = await sendScim(authorization, 'POST', `${baseUrl}/Users`, userBody(userName, more));
  expect(answer).toMatchObject({ status: 201 });
  return answer.json.id;
}
