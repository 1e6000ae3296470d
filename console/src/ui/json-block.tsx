import { Box, Code } from '@mantine/core';
import { CopyButton } from './copy.tsx';
import classes from './json-block.module.css';

interface JsonBlockProps {
  /** Anything that JSON can hold, or a text that is shown as it is. */
  readonly value: unknown;
  /** What it is, for screen readers. */
  readonly label: string;
  /** Higher than this many pixels it scrolls. */
  readonly maxHeight?: number;
}

export const jsonText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');

/** JSON, or another long text, as it is, with a button that copies it. It is text whatever it holds. */
export function JsonBlock({ value, label, maxHeight = 480 }: JsonBlockProps) {
  const text = jsonText(value);
  return (
    <Box pos="relative">
      <Code
        block
        role="region"
        aria-label={label}
        // a region that scrolls has to be reached by keyboard
        tabIndex={0}
        className={classes.block}
        mah={maxHeight}
      >
        {text}
      </Code>
      <Box className={classes.copy}>
        <CopyButton value={text} label={`Copy ${label}`} />
      </Box>
    </Box>
  );
}
