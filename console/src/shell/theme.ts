import { createTheme, Drawer, type MantineColorsTuple, Menu, Modal, Tooltip } from '@mantine/core';

const roster: MantineColorsTuple = [
  '#edf2ff',
  '#dbe4fb',
  '#b5c7f3',
  '#8ba8ec',
  '#688de6',
  '#517ce2',
  '#3566d8',
  '#2b57bd',
  '#234ba6',
  '#173f91',
];

const fonts =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif';

/** The header of a dialog is none of the page. */
const DIALOG = {
  closeButtonProps: { 'aria-label': 'Close' },
  attributes: { header: { role: 'none' } },
};

export const theme = createTheme({
  primaryColor: 'roster',
  colors: { roster },
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: fonts,
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontFamily: fonts, fontWeight: '650' },
  components: {
    Modal: Modal.extend({
      defaultProps: { ...DIALOG, centered: true },
      styles: { title: { fontWeight: 650 } },
    }),
    Drawer: Drawer.extend({ defaultProps: DIALOG, styles: { title: { fontWeight: 650 } } }),
    // what it would put before its items is none, and may not be there (ARIA 1.2, role menu)
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    Tooltip: Tooltip.extend({
      defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } },
    }),
  },
});
