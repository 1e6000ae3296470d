import { delimiter, join } from 'node:path';
import { isProgram } from '../../support/postgres-programs.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The browser that the journeys run in: ROSTER_TEST_CHROMIUM, or the first that is found. */
export function findChromium(): string | undefined {
  const named = process.env.ROSTER_TEST_CHROMIUM;
  if (named !== undefined) return named;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** Says before all tests that the journeys are left out, where they are. @throws Error when they may not be */
export function setup(): void {
  if (findChromium() !== undefined) return;
  const line = 'No Chromium is found (chromium, or ROSTER_TEST_CHROMIUM)';
  if (process.env.ROSTER_TEST_REQUIRE?.split(',').includes('browser'))
    throw new Error(`${line}, but ROSTER_TEST_REQUIRE asks for it.`);
  console.warn(`${line}: the journeys through the console are left out.`);
}
