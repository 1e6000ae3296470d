import { readFileSync } from 'node:fs';
import {
  departmentOf,
  familyNameOf,
  makeUser,
  userIdOf,
  userNameOf,
  workEmailPrefixOf,
} from './user-data.ts';

/**
 * What to send, with placeholders for one user drawn anew for each request: `<id>`, `<userName>`, `<familyName>`, `<department>`,
 * `<workEmailPrefix>` and, in a body, `<user>` (the whole JSON object). Placeholders in `path` are percent-encoded.
 */
export type RequestTemplate = {
  /** Results are kept apart by label. */
  label: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: string;
  /** The only status code that counts as success. */
  status: number;
  /** Text that the body of a right answer contains. */
  includes?: string;
};

/** Which users the placeholders stand for. */
export type Draw = {
  /** Users exist from 0 to `users - 1`; each request draws one of them at random. */
  users: number;
  /** Given: each request takes the next user instead, from this index on. */
  next?: number;
  /** A file of 36-character ids, one a line, line n for user n; without it ids are derived from the index. */
  idsFile?: string;
};

export type PreparedRequest = { label: string; bytes: string; status: number; includes: string | undefined };

const lineLength = 37;
const idFiles = new Map<string, Buffer>();

function idOf(draw: Draw, index: number): string {
  if (draw.idsFile === undefined) return userIdOf(index);
  let ids = idFiles.get(draw.idsFile);
  if (ids === undefined) {
    ids = readFileSync(draw.idsFile);
    idFiles.set(draw.idsFile, ids);
  }
  return ids.toString('latin1', index * lineLength, index * lineLength + lineLength - 1);
}

function placeholderValue(name: string, draw: Draw, index: number): string {
  switch (name) {
    case 'id':
      return idOf(draw, index);
    case 'userName':
      return userNameOf(index);
    case 'familyName':
      return familyNameOf(index);
    case 'department':
      return departmentOf(index);
    case 'workEmailPrefix':
      return workEmailPrefixOf(index);
    case 'user':
      return JSON.stringify(makeUser(index));
    default:
      throw new Error(`unknown placeholder <${name}>`);
  }
}

function fill(text: string, draw: Draw, index: number, encode: (value: string) => string): string {
  return text.includes('<')
    ? text.replace(/<(\w+)>/g, (_, name: string) => encode(placeholderValue(name, draw, index)))
    : text;
}

function same(value: string): string {
  return value;
}

/**
 * Creates the source of requests of one job: templates in turn, users drawn at random (the same sequence for the same seed).
 *
 * @param base host with port and the path that template paths are appended to
 */
export function createRequestSource(
  base: URL,
  headers: Readonly<Record<string, string>>,
  templates: readonly RequestTemplate[],
  draw: Draw,
  seed: number,
): () => PreparedRequest {
  const prefix = base.pathname.replace(/\/$/, '');
  const headText = Object.entries({ host: base.host, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  let random = seed >>> 0 || 1;
  let next = draw.next ?? 0;
  let turn = 0;

  function drawIndex(): number {
    if (draw.next !== undefined) return next++;
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return (random >>> 0) % draw.users;
  }

  return () => {
    const template = templates[turn++ % templates.length] as RequestTemplate;
    const index = drawIndex();
    const path = fill(template.path, draw, index, encodeURIComponent);
    const includes = template.includes && fill(template.includes, draw, index, same);
    let bytes = `${template.method} ${prefix}${path} HTTP/1.1\r\n${headText}`;
    if (template.body === undefined) {
      bytes += '\r\n';
    } else {
      const body = fill(template.body, draw, index, same);
      bytes += `content-type: application/scim+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    }
    return { label: template.label, bytes, status: template.status, includes };
  };
}
