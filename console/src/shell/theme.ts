import {
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  type MantineColorsTuple,
  Menu,
  Modal,
  Tooltip,
} from '@mantine/core';

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

const FILLED_RED = {
  '--mantine-color-red-filled': '#c92a2a',
  '--mantine-color-red-filled-hover': '#b02525',
};

/** Colours of texts and their grounds that are told apart by everybody (WCAG 1.4.3), where Mantine's own are too pale. */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...FILLED_RED,
    '--mantine-color-dimmed': '#5c6370',
    '--mantine-color-placeholder': '#6b7280',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-red-light-color': '#a61e1e',
    '--mantine-color-teal-light-color': '#05634a',
    '--mantine-color-green-light-color': '#1d6329',
    '--mantine-color-yellow-light-color': '#7a4100',
    '--mantine-color-orange-light-color': '#8f3200',
    '--mantine-color-blue-light-color': '#12518f',
  },
  dark: {
    ...FILLED_RED,
    '--mantine-color-dimmed': '#a6abb3',
    '--mantine-color-placeholder': '#9aa0a8',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': '#8ba8ec',
  },
});
