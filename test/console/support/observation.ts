import type { BrowserContext } from 'playwright-core';

/** What a journey has seen that nobody who uses the console should. */
export interface Observation {
  /** Lines, empty when all was well. */
  faults(): readonly string[];
  /** Lets answers through that the journey brings about, told by status, method and path: `401 POST /api/v1/session`. */
  allow(answer: RegExp): void;
}

/** What Chromium says of every answer from 400; the answers themselves are looked at. */
const REFUSED = /^Failed to load resource: the server responded with a status of/;

/** A request that the page itself has given up, as by leaving for another one. */
const GIVEN_UP = 'net::ERR_ABORTED';

const REPORT = 'reportViolation';

/** Watches all pages of a context. @param origin of the server: everything has to come from there */
export async function observe(context: BrowserContext, origin: string): Promise<Observation> {
  const faults: string[] = [];
  const refusals: string[] = [];
  const allowed: RegExp[] = [];

  await context.exposeBinding(REPORT, (_, text: string) => void faults.push(`CSP violation: ${text}`));
  await context.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', (event) =>
      ${REPORT}(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile + ':' + event.lineNumber));`,
  });
  context.on('console', (message) => {
    const isBad = message.type() === 'error' || message.type() === 'warning';
    if (isBad && !REFUSED.test(message.text())) faults.push(`console ${message.type()}: ${message.text()}`);
  });
  context.on('weberror', (error) => faults.push(`uncaught: ${error.error().stack ?? error.error()}`));
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== origin)
      faults.push(`request to another origin: ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    if (reason !== GIVEN_UP) faults.push(`request failed: ${request.method()} ${request.url()}: ${reason}`);
  });
  context.on('response', (response) => {
    if (response.status() < 400) return;
    const { pathname, search } = new URL(response.url());
    refusals.push(`${response.status()} ${response.request().method()} ${pathname}${search}`);
  });

  return {
    faults() {
      const unexpected = refusals.filter((answer) => !allowed.some((pattern) => pattern.test(answer)));
      return [...faults, ...unexpected.map((answer) => `refused: ${answer}`)];
    },
    allow: (answer) => void allowed.push(answer),
  };
}
