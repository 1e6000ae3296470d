import { Box, Text, VisuallyHidden } from '@mantine/core';
import { diffLines } from 'diff';
import classes from './diff-view.module.css';
import { jsonText } from './json-block.tsx';

interface DiffViewProps {
  /** Undefined: there was nothing before. */
  readonly before: unknown;
  /** Undefined: there is nothing after. */
  readonly after: unknown;
  readonly label: string;
}

const SIGNS = { added: '+', removed: '−', same: ' ' } as const;
const WORDS = { added: 'added: ', removed: 'removed: ', same: '' } as const;

/** How many lines around a change are shown. */
const CONTEXT = 3;

interface Line {
  readonly kind: keyof typeof SIGNS;
  readonly text: string;
}

function linesBetween(before: unknown, after: unknown): readonly Line[] {
  const old = before === undefined ? '' : `${jsonText(before)}\n`;
  const young = after === undefined ? '' : `${jsonText(after)}\n`;
  return diffLines(old, young).flatMap(({ added, removed, value }) => {
    const kind = added ? 'added' : removed ? 'removed' : 'same';
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => ({ kind, text }) as const);
  });
}

/** What changed between two JSON values, line by line; lines far from a change are left out. */
export function DiffView({ before, after, label }: DiffViewProps) {
  const lines = linesBetween(before, after);
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== 'same');
  if (lines.every(({ kind }) => kind === 'same'))
    return (
      <Text size="sm" c="dimmed">
        Nothing has changed.
      </Text>
    );
  return (
    <Box component="section" aria-label={label} tabIndex={0} className={classes.diff}>
      {lines.map(({ kind, text }, index) => {
        const key = `${index} ${text}`;
        if (!isNear(index))
          return index === 0 || isNear(index - 1) ? (
            <div key={key} className={classes.gap}>
              ⋯
            </div>
          ) : null;
        return (
          <div key={key} className={classes.line} data-kind={kind}>
            <span aria-hidden className={classes.sign}>
              {SIGNS[kind]}
            </span>
            {WORDS[kind] !== '' && <VisuallyHidden>{WORDS[kind]}</VisuallyHidden>}
            <span>{text}</span>
          </div>
        );
      })}
    </Box>
  );
}
