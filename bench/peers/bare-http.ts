/** The limit of the HTTP layer: node:http that answers every request with the same bytes. */
import { readOptions, serve } from './peer.ts';

const { answer } = readOptions();
const body = Buffer.from(answer.body);
const headers = { ...answer.headers, 'content-length': body.length };

serve((_request, response) => {
  response.writeHead(200, headers);
  response.end(body);
});
