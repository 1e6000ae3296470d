import { Text, Tooltip } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useState } from 'react';
import { relativeTime } from './relative-time.ts';

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const exactShort = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A time in full, in the zone and the language of the reader. */
export const exactTime = (time: string): string => exactShort.format(Date.parse(time));

interface TimeTextProps {
  /** ISO 8601; undefined shows `never`, or what `absent` says. */
  readonly value: string | undefined;
  readonly absent?: string;
  /** Whether the exact time stands there, and the relative one in the hint. */
  readonly isExact?: boolean;
}

/** How long ago, or in how long; the exact time when it is pointed at or focused. */
export function TimeText({ value, absent = 'never', isExact = false }: TimeTextProps) {
  const [drawn, setDrawn] = useState(Date.now);
  useInterval(() => setDrawn(Date.now()), 30_000, { autoInvoke: true });
  // a time that is read between two of these is not yet to come
  const now = Math.max(drawn, Date.now());
  if (value === undefined)
    return (
      <Text span inherit c="dimmed">
        {absent}
      </Text>
    );
  return (
    <Tooltip label={isExact ? relativeTime(value, now) : exact.format(Date.parse(value))}>
      <time dateTime={value}>{isExact ? exactTime(value) : relativeTime(value, now)}</time>
    </Tooltip>
  );
}
