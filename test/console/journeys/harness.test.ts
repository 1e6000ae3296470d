import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFindings } from '../support/accessibility.ts';
import { keyboardOf } from '../support/keyboard.ts';
import { launchBrowser, type OpenVisit, openVisit } from '../support/visit.ts';

const WAIT = { timeout: 20_000 };

const POLICY = "default-src 'self'; connect-src http://localhost:9; style-src 'self' 'nonce-here'";

const page = (body: string): string =>
  `<!doctype html><html lang="en"><title>A page</title><body><main><h1>A page</h1>${body}</main></body></html>`;

const PAGES: Readonly<Record<string, string>> = {
  '/console/good': page('<label>Name <input></label> <button>Save</button>'),
  '/console/style': page('<p style="color: red">red</p>'),
  '/console/inline': page('<script>document.title = "run"</script>'),
  '/console/other-origin': page('<script src="/far.js"></script>'),
  '/far.js': 'fetch("http://localhost:9/").catch(() => {})',
  '/console/error': page('<script src="/error.js"></script>'),
  '/error.js': 'setTimeout(() => { throw new Error("it broke"); })',
  '/console/warning': page('<script src="/warning.js"></script>'),
  '/warning.js': 'console.warn("a key is missing")',
  '/console/missing': page('<script src="/missing.js"></script>'),
  '/console/unlabelled': page('<input>'),
  '/console/unseen-focus': page(
    '<style nonce="here">a:focus { outline: none }</style><a href="#x">one</a> <button>Save</button>',
  ),
};

describe('what watches a journey', () => {
  let server: Server;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    server = createServer(({ url = '' }, response) => {
      const content = PAGES[url];
      const type = url.endsWith('.js') ? 'text/javascript' : 'text/html';
      response.writeHead(content === undefined && url !== '/favicon.ico' ? 404 : 200, {
        'content-type': type,
        'content-security-policy': POLICY,
      });
      response.end(content);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    origin = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    server.close();
  });

  async function visiting(path: string, act: (opened: OpenVisit) => Promise<void>): Promise<void> {
    const opened = await openVisit(browser, origin);
    try {
      await opened.visit.open(path);
      await act(opened);
    } finally {
      await opened.visit.page.context().close();
    }
  }

  it('finds nothing wrong with a good page, in which axe runs under its policy', () =>
    visiting('good', async ({ visit, observation }) => {
      await visit.checkAccessibility();
      expect(observation.faults()).toEqual([]);
    }));

  it.each([
    ['style', /^CSP violation: style-src-attr inline/],
    ['inline', /^CSP violation: script-src-elem inline/],
    ['other-origin', /^request to another origin: http:\/\/localhost:9\//],
    ['error', /^uncaught: Error: it broke/],
    ['warning', /^console warning: a key is missing/],
    ['missing', /^refused: 404 GET \/missing\.js/],
  ])('sees the fault of the page %s', (path, fault) =>
    visiting(path, ({ observation }) =>
      expect
        .poll(() => observation.faults(), WAIT)
        .toEqual(expect.arrayContaining([expect.stringMatching(fault)])),
    ),
  );

  it('lets an answer through that a journey brings about, and no other', () =>
    visiting('missing', async ({ visit, observation }) => {
      await expect.poll(() => observation.faults(), WAIT).toHaveLength(1);
      visit.allow(/^403 GET \/missing\.js$/);
      expect(observation.faults()).toHaveLength(1);
      visit.allow(/^404 GET \/missing\.js$/);
      expect(observation.faults()).toEqual([]);
    }));

  it('sees what axe calls critical', () =>
    visiting('unlabelled', async ({ visit }) => {
      expect(await accessibilityFindings(visit.page)).toEqual([expect.stringMatching(/^label \(critical\)/)]);
    }));

  it('uses the keyboard alone, and sees where the focus can not be seen', async () => {
    await visiting('good', async ({ visit }) => {
      const keyboard = keyboardOf(visit.page);
      await keyboard.type(visit.page.getByLabel('Name'), 'Babs');
      expect(await visit.page.getByLabel('Name').inputValue()).toBe('Babs');
      await keyboard.reach(visit.page.getByRole('button'));
      await expect(keyboard.reach(visit.page.getByRole('heading'))).rejects.toThrow('Tab does not reach');
    });
    await visiting('unseen-focus', async ({ visit }) => {
      const keyboard = keyboardOf(visit.page);
      await expect(keyboard.reach(visit.page.getByRole('button'))).rejects.toThrow("can't be seen on <a");
    });
  });
});
