import { ActionIcon, Button, Kbd } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';

const Palette = lazy(() => import('./palette.tsx').then((module) => ({ default: module.Palette })));

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Opens the palette, which is loaded when it is first asked for; Ctrl+K does the same, and Cmd+K where there is one. */
export function PaletteButton() {
  const [openings, setOpenings] = useState(0);
  const open = () => setOpenings((count) => count + 1);
  // in fields too, where it is most wanted
  useHotkeys([['mod+K', open]], []);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        visibleFrom="sm"
        onClick={open}
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={<Kbd size="xs">{isApple ? '⌘ K' : 'Ctrl K'}</Kbd>}
        aria-keyshortcuts="Control+K Meta+K"
      >
        Go to…
      </Button>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        hiddenFrom="sm"
        onClick={open}
        aria-label="Go to a page or an action"
      >
        <IconSearch size={18} stroke={1.7} aria-hidden />
      </ActionIcon>
      {openings > 0 && (
        <Suspense>
          <Palette openings={openings} />
        </Suspense>
      )}
    </>
  );
}
