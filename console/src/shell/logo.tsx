import { Text } from '@mantine/core';
import classes from './logo.module.css';

export function Logo() {
  return (
    <span className={classes.logo}>
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <rect width="32" height="32" rx="7" className={classes.tile} />
        <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
          <circle cx="10" cy="10" r="3" />
          <path d="M17 10h8M7 17.5h18M7 24h12" />
        </g>
      </svg>
      <Text span fw={700} size="lg">
        Roster
      </Text>
    </span>
  );
}
