import type { ReactNode } from 'react';

/** A column of a table, and a line of its cards. */
export interface Column<T> {
  /** Unique in the table; what `sort` names when the column sorts. */
  readonly id: string;
  readonly title: string;
  readonly render: (row: T) => ReactNode;
  readonly sorts?: boolean;
  readonly align?: 'left' | 'right';
  /** Pixels; absent: what is left. */
  readonly width?: number;
  /** Whether it is left out of the cards of small screens. */
  readonly isMinor?: boolean;
}
