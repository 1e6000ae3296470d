import type { Requirement } from '../requirement.ts';

/** RFC 7644 sections 3.3 and 3.6. */
export const CREATING: readonly Requirement[] = [
  {
    id: '7644-3.3-1',
    section: '3.3',
    level: 'MUST',
    text: 'Ignores readOnly attributes in the body of a POST.',
  },
  {
    id: '7644-3.3-2',
    section: '3.3',
    level: 'MAY',
    text: 'Takes readWrite attributes that the body leaves out as not asserted.',
  },
  { id: '7644-3.3-3', section: '3.3', level: 'MAY', text: 'Gives attributes that are left out a default.' },
  {
    id: '7644-3.3-4',
    section: '3.3',
    level: 'MAY',
    text: 'Looks at what a client has access to when it gives defaults.',
    reason: 'What is left out is the same for every client.',
    followed: false,
  },
  {
    id: '7644-3.3-5',
    section: '3.3',
    level: 'MAY',
    text: 'Lets a client clear values with null or an empty array.',
  },
  { id: '7644-3.3-6', section: '3.3', level: 'MUST', text: 'Answers a successful creation with 201.' },
  {
    id: '7644-3.3-7',
    section: '3.3',
    level: 'SHOULD',
    text: 'Sends the new resource in the body of the answer.',
  },
  {
    id: '7644-3.3-8',
    section: '3.3',
    level: 'MUST',
    text: 'Names the URI of the new resource in the Location header and in meta.location.',
  },
  {
    id: '7644-3.3-9',
    section: '3.3',
    level: 'MUST',
    text: 'Answers 409 with scimType uniqueness when the new resource conflicts with another.',
  },
  {
    id: '7644-3.3.1-1',
    section: '3.3.1',
    level: 'MUST',
    text: 'Sets meta.resourceType to the resource type of the endpoint.',
  },
  {
    id: '7644-3.6-1',
    section: '3.6',
    level: 'MAY',
    text: 'Keeps a deleted resource.',
    reason: 'A deleted resource is really deleted, with every row that speaks of it.',
    followed: false,
  },
  {
    id: '7644-3.6-2',
    section: '3.6',
    level: 'MUST',
    text: 'Answers 404 to every operation on a deleted resource.',
  },
  { id: '7644-3.6-3', section: '3.6', level: 'MUST', text: 'Leaves deleted resources out of query results.' },
  {
    id: '7644-3.6-4',
    section: '3.6',
    level: 'SHOULD NOT',
    text: 'Finds no conflict with a deleted resource.',
  },
  { id: '7644-3.6-5', section: '3.6', level: 'MUST', text: 'Answers a successful DELETE with 204.' },
];
