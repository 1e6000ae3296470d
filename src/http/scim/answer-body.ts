import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Body } from '../../service/answers.ts';
import { countedPieces } from './request-capture.ts';

/** Sends a JSON text, or the pieces of one as fast as the client takes them. */
export function sendBody(reply: FastifyReply, body: Body): FastifyReply {
  if (typeof body === 'string') return reply.send(body);
  // an answer to HEAD would be read to its end for nothing
  const pieces = reply.request.method === 'HEAD' ? [] : countedPieces(reply.request, body);
  return reply.send(Readable.from(pieces, { objectMode: false }));
}
