import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

// as text, for the page: it goes in by the debugger, so that the page's own policy stays in force
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const SERIOUS = ['serious', 'critical'];

/** Lets movements end, so that no colour is measured on its way. */
const STILL = `Promise.all(document.getAnimations()
  .filter((each) => each.effect?.getComputedTiming().iterations !== Infinity)
  .map((each) => each.finished.catch(() => {})))`;

/**
 * What axe finds in a page as it is now.
 *
 * @returns one line for each element with a serious or critical finding
 */
export async function accessibilityFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(STILL);
  if (!(await page.evaluate<boolean>(`typeof axe === 'object'`))) await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(document, { preload: false, resultTypes: ['violations'] })`,
  );
  return violations
    .filter(({ impact }) => SERIOUS.includes(impact ?? ''))
    .flatMap(({ id, impact, nodes }) =>
      nodes.map((node) => `${id} (${impact}): ${node.target.join(' ')}: ${node.failureSummary}`),
    );
}
