import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveConsole } from '../../src/http/console.ts';
import { startServer } from '../support/server.ts';

const baseUrl = 'http://localhost:8080';
const SCRIPT = 'console.log("roster");\n'.repeat(100);

let directory: string;
let app: FastifyInstance;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'roster-console-'));
  await mkdir(join(directory, 'assets'));
  await mkdir(join(directory, '.vite'));
  const page =
    '<!doctype html><meta property="csp-nonce" nonce="{style-nonce}"><i nonce="{style-nonce}"></i>';
  await writeFile(join(directory, 'index.html'), page);
  await writeFile(join(directory, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(directory, 'secret.txt'), 'not for everybody');
  await writeFile(join(directory, '.vite', 'manifest.json'), '{}');
  await writeFile(join(directory, 'assets', 'index-B3.js'), SCRIPT);
  await writeFile(join(directory, 'assets', 'index-B3.js.gz'), gzipSync(SCRIPT));
  app = fastify();
  serveConsole(app, { baseUrl, directory });
});

afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true, force: true });
});

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

const noncesOf = (text: string): readonly string[] =>
  [...text.matchAll(/nonce="([^"]*)"/g)].map(([, nonce]) => nonce ?? '');

describe('the page of the console', () => {
  it.each([
    '/console/',
    '/console',
    '/console/users',
    '/console/t/carbon.super/users?q=a.js',
    '/console/secret.txt',
  ])('is at %s', async (url) => {
    const { statusCode, headers, body } = await get(url);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toMatch(/^<!doctype html>/);
  });

  it('is where / leads to', async () => {
    const { statusCode, headers } = await get('/');
    expect([statusCode, headers.location]).toEqual([302, '/console/']);
  });

  it('runs only what comes from here, and style tags only with the nonce of the answer', async () => {
    const [one, other] = [await get('/console/'), await get('/console/')];
    const [nonce, ...others] = noncesOf(one.body);
    expect(nonce).toMatch(/^[\w+/]{24}$/);
    expect(others).toEqual([nonce]);
    expect(noncesOf(other.body)[0]).not.toBe(nonce);
    expect(one.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; " +
        `style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; ` +
        "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; " +
        "require-trusted-types-for 'script'; trusted-types default",
    );
  });

  it('is for reading alone', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'] as const)
      expect((await app.inject({ method, url: '/console/' })).statusCode).toBe(404);
    const { statusCode, body } = await app.inject({ method: 'HEAD', url: '/console/' });
    expect([statusCode, body]).toEqual([200, '']);
  });
});

describe('the files of the console', () => {
  it('are kept for a year where their name changes with what is in them', async () => {
    const { statusCode, headers, body } = await get('/console/assets/index-B3.js');
    expect(statusCode).toBe(200);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toMatch(/^(?:text|application)\/javascript/);
    expect(body).toBe(SCRIPT);
  });

  it('are kept for an hour where it stays', async () => {
    expect((await get('/console/icon.svg')).headers['cache-control']).toBe('public, max-age=3600');
  });

  it('come compressed to those who can read that', async () => {
    const { headers, rawPayload } = await get('/console/assets/index-B3.js', {
      'accept-encoding': 'gzip, br',
    });
    expect(headers['content-encoding']).toBe('gzip');
    expect(headers['content-type']).toMatch(/^(?:text|application)\/javascript/);
    expect(rawPayload.length).toBeLessThan(SCRIPT.length / 10);
  });

  it.each([
    '/console/assets/index-A1.js',
    '/console/assets/',
    '/console/assets/../secret.txt',
    '/console/assets/..%2fsecret.txt',
    '/console/assets/..%2f.vite/manifest.json',
    '/console/assets/%00',
  ])('are no others: %s', async (url) => {
    const { statusCode, body } = await get(url);
    if (statusCode === 200) expect(body).toMatch(/^<!doctype html>/);
    else expect([400, 403, 404]).toContain(statusCode);
    expect(body).not.toContain('not for everybody');
  });
});

describe('every answer of the console', () => {
  const urls = ['/console/', '/console/assets/index-B3.js', '/console/icon.svg', '/console/assets/none.js'];

  it.each(urls)('guards itself: %s', async (url) => {
    const { headers } = await get(url);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('asks for HTTPS from then on where it comes over HTTPS', async () => {
    const secure = fastify();
    serveConsole(secure, { baseUrl: 'https://roster.example', directory });
    const { headers } = await secure.inject({ url: '/console/' });
    await secure.close();
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
  });
});

describe('without a built console', () => {
  it('says how to build it', async () => {
    const bare = fastify();
    serveConsole(bare, { baseUrl, directory: join(directory, 'nowhere') });
    const page = await bare.inject({ url: '/console/users' });
    const asset = await bare.inject({ url: '/console/assets/index-B3.js' });
    await bare.close();
    expect([page.statusCode, page.headers['cache-control'], asset.statusCode]).toEqual([
      503,
      'no-store',
      404,
    ]);
    expect(page.body).toContain('npm run build:console');
  });
});

describe('the server', () => {
  it('serves the console, without credentials', async () => {
    const server = await startServer();
    const answer = await server.send('GET', '/console/', {});
    await server.close();
    expect([200, 503]).toContain(answer.status);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  const built = fileURLToPath(new URL('../../console/dist/index.html', import.meta.url));

  it.runIf(existsSync(built))('has every file that the built page names', async () => {
    const real = fastify();
    serveConsole(real, { baseUrl });
    const { body } = await real.inject({ url: '/console/' });
    expect(body).not.toContain('{style-nonce}');
    const names = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      expect(name).toMatch(/^\/console\//);
      expect((await real.inject({ url: name })).headers['content-type']).not.toMatch(/^text\/html/);
    }
    await real.close();
  });
});
