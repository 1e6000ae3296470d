import type { Locator, Page } from 'playwright-core';

/** More stops than a page has; beyond them the way with Tab goes in a circle. */
const MOST_STOPS = 200;

const HAS_FOCUS = (element: { readonly ownerDocument: { readonly activeElement: unknown } }): boolean =>
  element.ownerDocument.activeElement === element;

/** Whether the element that has the focus shows it: by a ring, or a field by its border. */
const IS_SHOWN = `(() => {
  const seen = (element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  };
  const element = document.activeElement;
  if (element === null || element === document.body) return true;
  const isField = element.matches('input, textarea, select, .mantine-Input-input');
  return isField || seen(element) || seen(element.parentElement);
})()`;

/** A person without a mouse. */
export interface Keyboard {
  /** Presses Tab until an element has the focus. @throws Error when Tab does not reach it, or a stop on the way can't be seen */
  reach(target: Locator): Promise<void>;
  /** The same, then presses Enter. */
  activate(target: Locator): Promise<void>;
  /** The same, then types in place of what is there. */
  type(target: Locator, text: string): Promise<void>;
  press(key: string): Promise<void>;
}

export function keyboardOf(page: Page): Keyboard {
  async function reach(target: Locator): Promise<void> {
    await target.waitFor();
    for (let stops = 0; stops < MOST_STOPS; stops += 1) {
      if (await target.evaluate(HAS_FOCUS)) return;
      await page.keyboard.press('Tab');
      if (!(await page.evaluate<boolean>(IS_SHOWN)))
        throw new Error(
          `the focus can't be seen on ${await page.evaluate('document.activeElement.outerHTML')}`,
        );
    }
    throw new Error(`Tab does not reach ${target}`);
  }
  return {
    reach,
    async activate(target) {
      await reach(target);
      await page.keyboard.press('Enter');
    },
    async type(target, text) {
      await reach(target);
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(text);
    },
    press: (key) => page.keyboard.press(key),
  };
}
