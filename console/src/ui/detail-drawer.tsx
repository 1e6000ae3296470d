import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';

interface DetailDrawerProps {
  /** Whether a row is open; the URL says which. */
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly children: ReactNode;
}

/** What belongs to a row of a table, beside it; the whole page on small screens. */
export function DetailDrawer({ opened, onClose, title, children }: DetailDrawerProps) {
  return (
    <Drawer opened={opened} onClose={onClose} title={title} position="right" size="min(100vw, 46rem)">
      {children}
    </Drawer>
  );
}
