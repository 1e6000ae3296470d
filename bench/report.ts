import type { Row } from './measurement.ts';
import { show } from './measurements/rows.ts';

const columns = ['database', 'name', 'what', 'value', 'reference', 'ratio', 'goal', 'met'] as const;

function cellsOf(row: Row): string[] {
  const { ratio } = row;
  const range = ratio && ratio.low !== ratio.high ? ` (${show(ratio.low)}–${show(ratio.high)})` : '';
  return [
    row.database ?? '',
    row.name,
    row.what,
    row.value,
    row.reference ?? '',
    ratio ? `${show(ratio.median)}${range}` : '',
    row.goal ?? '',
    row.met === undefined ? '' : row.met ? 'yes' : 'NO',
  ];
}

/** Formats rows as a text table, with what there is to say about single rows below it. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [[...columns], ...rows.map(cellsOf)];
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => (line[column] ?? '').length)));
  const lines = cells.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  const notes = rows.flatMap(({ database, name, note }) =>
    note === undefined ? [] : [`${database ?? ''} ${name}: ${note}`.trim()],
  );
  const goals = rows.filter(({ met }) => met !== undefined);
  const reached = goals.filter(({ met }) => met === true).length;
  return `${[...lines, '', ...new Set(notes), `${reached} of ${goals.length} goals reached`].join('\n')}\n`;
}
