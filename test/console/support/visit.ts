import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { accessibilityFindings } from './accessibility.ts';
import { findChromium } from './chromium.ts';
import { type Observation, observe } from './observation.ts';

const SCREENSHOTS = fileURLToPath(new URL('../screenshots/', import.meta.url));

/** For one thing to happen in a page, where other tests take the processors. */
const WAIT_MS = 30_000;

export interface View {
  /** In CSS pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** A person in front of a browser that has never been here: no cookie, nothing stored. */
export interface Visit extends Pick<Observation, 'allow'> {
  readonly page: Page;
  /** Opens a page of the console by its path below `/console/`. */
  open(path?: string): Promise<void>;
  /** Keeps a picture of what is seen, or of the whole page. @param name of the file, without its ending */
  screenshot(name: string, options?: { readonly fullPage?: boolean }): Promise<void>;
  /** Fails on serious and critical findings of axe in the page as it is now. */
  checkAccessibility(): Promise<void>;
  /** Fails when something is wider than the screen, so that one would have to scroll sideways. */
  checkWidth(): Promise<void>;
}

export interface OpenVisit {
  readonly visit: Visit;
  readonly observation: Observation;
}

/** Starts the browser. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium');
  // its sandbox can't be made by root
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0, timeout: 60_000 });
}

/** @param origin of the server */
export async function openVisit(
  browser: Browser,
  origin: string,
  { width = 1280, height = 800, colorScheme = 'light' }: View = {},
): Promise<OpenVisit> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  context.setDefaultTimeout(WAIT_MS);
  const observation = await observe(context, origin);
  const page = await context.newPage();
  const visit: Visit = {
    page,
    allow: observation.allow,
    async open(path = '') {
      await page.goto(`/console/${path}`);
    },
    async screenshot(name, { fullPage = false } = {}) {
      const path = join(SCREENSHOTS, `${name}.png`);
      mkdirSync(dirname(path), { recursive: true });
      await page.screenshot({ path, fullPage, animations: 'disabled' });
    },
    async checkAccessibility() {
      expect(await accessibilityFindings(page)).toEqual([]);
    },
    async checkWidth() {
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    },
  };
  return { visit, observation };
}
