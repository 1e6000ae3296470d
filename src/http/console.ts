import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fastifyStatic } from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Where `npm ci` builds it: as far from src/http as from dist/http. */
const BUILT = join(import.meta.dirname, '..', '..', 'console', 'dist');

interface ConsoleSettings {
  /** The server's URL as clients reach it. */
  readonly baseUrl: string;
  /** Where the built console is. */
  readonly directory?: string;
}

/** What the build writes into index.html in place of a nonce: `html.cspNonce` of console/vite.config.ts. */
const NONCE_PLACE = '{style-nonce}';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;

/** What the build leaves beside index.html under names that stay. */
const ROOT_FILES: ReadonlySet<string> = new Set(['icon.svg', 'color-scheme.js']);

/** A policy under which a page loads and runs nothing but what comes from here. */
const policyOf = (style: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${style}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');

/** The console below `/console/`; `/` leads to it. Its pages are one document, in which a script reads the URL. */
export function serveConsole(app: FastifyInstance, { baseUrl, directory = BUILT }: ConsoleSettings): void {
  app.get('/', async (request, reply) => {
    // what is no path, such as `*`, comes here too
    if (!request.raw.url?.startsWith('/')) return reply.callNotFound();
    return reply.header('Cache-Control', 'no-cache').redirect('/console/');
  });
  app.register(
    async (scope) => {
      scope.register(fastifyStatic, {
        root: directory,
        serve: false,
        index: false,
        dotfiles: 'deny',
        preCompressed: true,
        suppressWarning: true,
      });
      scope.addHook('onRequest', async (request, reply) => void reply.headers(guards(request, baseUrl)));
      scope.setNotFoundHandler(sayNothingIsHere);
      const sendPage = (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
        sendIndex(reply, directory);
      scope.get('/', sendPage);
      scope.get<{ Params: { '*': string } }>('/*', async (request, reply) => {
        const { '*': path } = request.params;
        // the name of such a file changes with what is in it
        if (path.startsWith('assets/')) return reply.sendFile(path, { immutable: true, maxAge: YEAR_MS });
        if (ROOT_FILES.has(path)) return reply.sendFile(path, { maxAge: HOUR_MS });
        return sendPage(request, reply);
      });
    },
    { prefix: '/console' },
  );
}

/** Headers that keep other sites, and what is stored in resources, from acting in the console. */
function guards({ protocol }: FastifyRequest, baseUrl: string): Readonly<Record<string, string>> {
  const isHttps = protocol === 'https' || baseUrl.startsWith('https:');
  return {
    'Content-Security-Policy': policyOf("'self'"),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // RFC 6797 section 7.2: not over plain HTTP
    ...(isHttps && { 'Strict-Transport-Security': 'max-age=31536000' }),
  };
}

/** Every page of the console. Style tags that its scripts make carry a nonce, which is another one each time. */
async function sendIndex(reply: FastifyReply, directory: string): Promise<FastifyReply> {
  reply.header('Cache-Control', 'no-store').type('text/html; charset=utf-8');
  const page = await readPage(directory);
  if (page === undefined) return reply.code(503).send(NOT_BUILT);
  const nonce = randomBytes(18).toString('base64');
  return reply
    .header('Content-Security-Policy', policyOf(`'self' 'nonce-${nonce}'`))
    .send(page.replaceAll(NONCE_PLACE, nonce));
}

/** @returns undefined when the console is not built */
async function readPage(directory: string): Promise<string | undefined> {
  try {
    return await readFile(join(directory, 'index.html'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Roster</title>
<h1>The console is not built</h1>
<p>Roster is running, but the files of its console are not there. <code>npm ci</code> builds them, and so does
<code>npm run build:console</code>; both need the development dependencies, which <code>--omit=dev</code> leaves out.</p>
<p>SCIM and the command line work without it.</p>
`;

const sayNothingIsHere = (_request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  reply
    .code(404)
    .header('Cache-Control', 'no-store')
    .type('text/plain; charset=utf-8')
    .send('There is nothing at this URL.\n');
