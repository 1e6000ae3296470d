import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createRoster, freePort, type Roster, type Serving } from '../../cli/roster.ts';
import { launchBrowser, type OpenVisit, openVisit, type View, type Visit } from './visit.ts';

/** What the server says when it starts for the first time. */
interface Start {
  readonly baseUrl: string;
  readonly scim1BaseUrl: string;
  readonly setupUrl: string;
  readonly firstStart: { readonly token: string };
}

/** A server with an empty data directory, and a browser. */
export interface Console {
  /** Origin of the server. */
  readonly url: string;
  readonly roster: Roster;
  readonly start: Start;
  visit(view?: View): Promise<Visit>;
}

/**
 * Starts a server and a browser for the journeys of a file, and ends them. At the end of every journey each page must
 * have been without errors in the console, violations of the content security policy, requests that failed, and
 * requests to anybody else; at the end of all, the server must have logged no error.
 *
 * @param prepare fills the data directory before the server starts
 * @returns what is there when a test runs, not before
 */
export function useConsole({
  settings = {},
  prepare = async () => {},
}: {
  readonly settings?: Readonly<Record<string, string>>;
  readonly prepare?: (roster: Roster) => Promise<void>;
} = {}): Console {
  let browser: Browser;
  let serving: Serving;
  let start: Start;
  let url: string;
  const roster = createRoster();
  const open: OpenVisit[] = [];

  beforeAll(async () => {
    await prepare(roster);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    serving = roster.start(['serve', '--json'], {
      ROSTER_PORT: String(port),
      ROSTER_LOG_LEVEL: 'warn',
      ...settings,
    });
    [browser, start] = await Promise.all([launchBrowser(), serving.until(/^\{"url".*\}$/m).then(parseStart)]);
  });

  afterEach(async ({ task }) => {
    const ended = open.splice(0);
    const hasFailed = task.result?.state === 'fail';
    for (const [index, { visit }] of ended.entries())
      if (hasFailed) await visit.screenshot(`failed/${fileNameOf(task.name)}-${index + 1}`);
    await Promise.all(ended.map(({ visit }) => visit.page.context().close()));
    expect(ended.flatMap(({ observation }) => observation.faults())).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    const logged = serving?.stderr() ?? '';
    await roster.close();
    expect(logged.split('\n').filter((line) => ERROR_LINE.test(line))).toEqual([]);
  });

  return {
    roster,
    get url() {
      return url;
    },
    get start() {
      return start;
    },
    async visit(view) {
      const opened = await openVisit(browser, url, view);
      open.push(opened);
      return opened.visit;
    },
  };
}

/** A line of the log at the level error or above. */
const ERROR_LINE = /"level":[56]0/;

const parseStart = ([text]: RegExpExecArray): Start => JSON.parse(text);

const fileNameOf = (title: string): string => title.replace(/\W+/g, '-').toLowerCase();
