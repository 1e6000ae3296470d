import type { RequestRecord } from './request-search.ts';

/** In place of the secret, which Roster does not have. */
const PLACEHOLDER = 'Authorization: Bearer YOUR_TOKEN';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A command that sends a request again. */
export function curlOf({ method, url, contentType, requestBody }: RequestRecord): string {
  const parts = [
    `curl -i -X ${method} ${quoted(url)}`,
    `-H ${quoted(PLACEHOLDER)}`,
    ...(requestBody.text === undefined
      ? []
      : [
          `-H ${quoted(`Content-Type: ${contentType ?? 'application/scim+json'}`)}`,
          `--data-binary ${quoted(requestBody.text)}`,
        ]),
  ];
  return parts.join(' \\\n  ');
}
