import type { Rounds, Row, Run } from '../measurement.ts';
import { median, type Spread, spreadOf } from '../statistics.ts';

/** Shows a number with as many digits as it deserves. */
export function show(value: number): string {
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return value.toPrecision(Math.abs(value) >= 1 ? 3 : 2);
}

/** Shows the median rate of some runs. */
function showRate(runs: readonly Run[]): string {
  return `${show(median(runs.map(({ rate }) => rate)))}/s`;
}

/** Divides a number of each round's run of one contender by that of another in the same round. */
function ratioOf({ runs }: Rounds, key: string, reference: string, pick: (run: Run) => number): Spread {
  const references = runs[reference] ?? [];
  return spreadOf((runs[key] ?? []).map((run, round) => pick(run) / pick(references[round] as Run)));
}

/** Says what of a measurement's surroundings makes its numbers doubtful. */
function noteOf({ quiet, disturbed }: Rounds): Pick<Row, 'note'> {
  if (!quiet) return { note: 'the machine was busy with other work' };
  return disturbed > 0 ? { note: `${disturbed} disturbed rounds left out` } : {};
}

/** A row that holds the rate of one contender against that of another. */
export function rateRow(
  rounds: Rounds,
  row: Pick<Row, 'name' | 'what'>,
  key: string,
  reference: string,
  least?: number,
): Row {
  const ratio = ratioOf(rounds, key, reference, ({ rate }) => rate);
  return {
    ...row,
    value: showRate(rounds.runs[key] ?? []),
    reference: `${reference} ${showRate(rounds.runs[reference] ?? [])}`,
    ratio,
    ...(least !== undefined && { goal: `>= ${least}`, met: ratio.median >= least }),
    ...noteOf(rounds),
  };
}

/** A row that holds the cost (the inverse of the rate) of one contender against that of another. */
export function costRow(
  rounds: Rounds,
  row: Pick<Row, 'name' | 'what'>,
  key: string,
  reference: string,
  most: number,
): Row {
  const ratio = ratioOf(rounds, key, reference, ({ rate }) => 1 / rate);
  return {
    ...row,
    value: showRate(rounds.runs[key] ?? []),
    reference: `${reference} ${showRate(rounds.runs[reference] ?? [])}`,
    ratio,
    goal: `<= ${most}`,
    met: ratio.median <= most,
    ...noteOf(rounds),
  };
}

/** A row that holds the CPU time of a request of one contender against that of another. @param of which of its threads */
export function cpuRow(
  rounds: Rounds,
  row: Pick<Row, 'name' | 'what'>,
  key: string,
  reference: string,
  of: 'threadCpu' | 'serverCpu',
  most?: number,
): Row {
  const microsOf = (run: Run): number => ((run[of] ?? Number.NaN) * 1e6) / (run.rate * run.seconds);
  const shown = (name: string): string => `${show(median((rounds.runs[name] ?? []).map(microsOf)))} us`;
  const ratio = ratioOf(rounds, key, reference, microsOf);
  return {
    ...row,
    value: shown(key),
    reference: `${reference} ${shown(reference)}`,
    ratio,
    ...(most !== undefined && { goal: `<= ${most}`, met: ratio.median <= most }),
    ...noteOf(rounds),
  };
}
