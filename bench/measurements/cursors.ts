import type { Context } from '../context.ts';
import type { Row } from '../measurement.ts';
import { median } from '../statistics.ts';
import { show } from './rows.ts';

const PAGE_SIZE = 10;
/** Pages at each end of the walk whose times are compared. */
const COMPARED = 50;
const MOST_PAGES = 10_000;

const lists = ['/Users', '/Users?sortBy=name.familyName', '/Users?sortBy=emails.value&sortOrder=descending'];

/** The last pages of a walk by cursor against its first: 10,000 pages, or as many as there are. */
export async function measureCursors({ roster, say }: Context): Promise<Row[]> {
  const rows: Row[] = [];
  for (const list of lists) {
    say(`cursors: walking ${list}`);
    const times: number[] = [];
    const url = `${roster.url}${list}${list.includes('?') ? '&' : '?'}count=${PAGE_SIZE}&attributes=userName`;
    for (let cursor: string | undefined = ''; cursor !== undefined && times.length < MOST_PAGES; ) {
      const started = performance.now();
      const answer = await fetch(`${url}&cursor=${cursor}`, { headers: roster.headers });
      const page = (await answer.json()) as { nextCursor?: string; Resources: unknown[] };
      times.push(performance.now() - started);
      if (answer.status !== 200) throw new Error(`GET ${list}: ${answer.status}`);
      cursor = page.nextCursor;
    }
    const first = median(times.slice(1, COMPARED + 1));
    const last = median(times.slice(-COMPARED));
    rows.push({
      name: 'cursors',
      what: `GET ${list}, page ${times.length} by cursor`,
      value: `${show(last)} ms`,
      reference: `page 1 ${show(first)} ms`,
      goal: '<= 2 times',
      met: last <= 2 * first,
    });
  }
  return rows;
}
