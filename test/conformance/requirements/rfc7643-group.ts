import type { Requirement } from '../requirement.ts';

/** RFC 7643 sections 4.2 and 4.3. */
export const GROUP: readonly Requirement[] = [
  {
    id: '7643-4.2-1',
    section: '4.2',
    level: 'MUST',
    text: 'Has a displayName in each group.',
  },
  {
    id: '7643-4.2-2',
    section: '4.2',
    level: 'MAY',
    text: 'Lets clients add and remove members.',
  },
  {
    id: '7643-4.2-3',
    section: '4.2',
    level: 'MAY',
    text: 'Asks for a value in each member.',
  },
  {
    id: '7643-4.3-1',
    section: '4.3',
    level: 'SHOULD',
    text: 'Keeps the id of a manager.',
  },
  {
    id: '7643-4.3-2',
    section: '4.3',
    level: 'SHOULD',
    text: 'Keeps the URI of a manager.',
  },
  {
    id: '7643-4.3-3',
    section: '4.3',
    level: 'MAY',
    text: 'Returns the displayName of a manager, which clients cannot set.',
  },
];
