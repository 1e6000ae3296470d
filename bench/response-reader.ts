/** One HTTP response, as far as a load generator needs it. */
export type Response = { status: number; body: readonly Buffer[] };

type State = 'head' | 'body' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailer';

/**
 * Creates an incremental reader of HTTP/1.1 responses on one keep-alive connection (RFC 9112: Content-Length and chunked).
 * It copies nothing that arrives in one piece, so that the generator stays cheaper than the servers it measures.
 *
 * @param onResponse called once for each complete response
 * @returns a function that takes the next bytes of the connection; throws an Error on bytes that are no such response
 */
export function createResponseReader(onResponse: (response: Response) => void): (bytes: Buffer) => void {
  let state: State = 'head';
  let rest: Buffer | undefined;
  let status = 0;
  let remaining = 0;
  let body: Buffer[] = [];

  function finish(): void {
    const response = { status, body };
    state = 'head';
    body = [];
    onResponse(response);
  }

  function readHead(head: string): void {
    status = Number(head.slice(9, 12));
    if (!head.startsWith('HTTP/1.1 ') || !(status >= 200)) {
      throw new Error(`not an HTTP/1.1 response: ${head.slice(0, 40)}`);
    }
    if (status === 204 || status === 304) {
      finish();
      return;
    }
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length !== undefined) {
      remaining = Number(length);
      state = 'body';
      if (remaining === 0) finish();
      return;
    }
    if (!/\r\ntransfer-encoding: *chunked/i.test(head)) throw new Error('response without a length');
    state = 'chunk-size';
  }

  function readLine(line: string): void {
    if (state === 'chunk-size') {
      remaining = Number.parseInt(line, 16);
      if (Number.isNaN(remaining)) throw new Error(`not a chunk size: ${line.slice(0, 20)}`);
      state = remaining === 0 ? 'trailer' : 'chunk-data';
    } else if (state === 'chunk-end') {
      state = 'chunk-size';
    } else if (line === '') {
      finish();
    }
  }

  return (bytes) => {
    const data = rest === undefined ? bytes : Buffer.concat([rest, bytes]);
    rest = undefined;
    let offset = 0;
    while (offset < data.length) {
      if (state === 'body' || state === 'chunk-data') {
        const end = Math.min(data.length, offset + remaining);
        body.push(data.subarray(offset, end));
        remaining -= end - offset;
        offset = end;
        if (remaining === 0 && state === 'body') finish();
        else if (remaining === 0) state = 'chunk-end';
        continue;
      }
      const mark = state === 'head' ? '\r\n\r\n' : '\r\n';
      const end = data.indexOf(mark, offset, 'latin1');
      if (end === -1) {
        rest = data.subarray(offset);
        return;
      }
      const text = data.toString('latin1', offset, end);
      offset = end + mark.length;
      if (state === 'head') readHead(text);
      else readLine(text);
    }
  };
}
