import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TOLERANCE_NAMES } from '../../src/core/tolerance.ts';
import { CONVERSATIONS } from './conversations.ts';

const directory = new URL('../../docs/connect/', import.meta.url);
const textOf = (name: string): string => readFileSync(new URL(name, directory), 'utf8');
const pages = readdirSync(directory).filter((name) => name !== 'README.md');

const HEADINGS = [
  'Create the integration',
  'Enter it',
  'Attribute mappings',
  'See that it works',
  'Tolerances',
  'What does not work',
  'Errors',
  'What was tried',
];

describe.each(pages)('docs/connect/%s', (page) => {
  const text = textOf(page);
  const conversations = CONVERSATIONS.filter((conversation) => conversation.page === page);

  test('names the tolerances that the conversations need, and no other', () => {
    const needed = conversations.flatMap(({ steps }) => steps.flatMap(({ tolerances = [] }) => tolerances));
    const named = TOLERANCE_NAMES.filter((name) => text.includes(`| \`${name}\` |`));
    expect(named.toSorted()).toEqual([...new Set(needed)].toSorted());
  });

  test('creates the integration as the conversations do', () => {
    const commands = text.split('\n').filter((line) => line.includes('integration create'));
    for (const { integration = {} } of conversations) {
      const { auth = 'bearer', requirePrimaryEmail = true } = integration;
      const fitting = commands.filter(
        (command) =>
          command.includes('--auth basic') === (auth === 'basic') &&
          command.includes('--no-require-primary-email') === !requirePrimaryEmail,
      );
      expect(fitting.length, commands.join('\n')).toBeGreaterThan(0);
    }
  });

  test('has the sections of every page', () => {
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(HEADINGS);
  });
});

test('docs/connect/README.md links every page, and every page has a conversation', () => {
  const links = [...textOf('README.md').matchAll(/\]\(([a-z-]+\.md)\)/g)].map(([, name]) => name);
  expect([...new Set(links)].toSorted()).toEqual(pages.toSorted());
  expect([...new Set(CONVERSATIONS.flatMap(({ page = [] }) => page))].toSorted()).toEqual(pages.toSorted());
});
