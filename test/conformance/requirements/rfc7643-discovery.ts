import type { Requirement } from '../requirement.ts';

/** RFC 7643 sections 5 and 6. */
export const DISCOVERY: readonly Requirement[] = [
  {
    id: '7643-5-1',
    section: '5',
    level: 'MAY',
    text: 'Says where its documentation is.',
    reason: 'A server does not know where its operator keeps the documentation.',
    followed: false,
  },
  {
    id: '7643-5-2',
    section: '5',
    level: 'MUST',
    text: 'Says whether patch, bulk, filter, changePassword, sort and etag are supported.',
  },
  {
    id: '7643-5-3',
    section: '5',
    level: 'MUST',
    text: 'Says how many operations and bytes a Bulk request may have.',
  },
  {
    id: '7643-5-4',
    section: '5',
    level: 'MUST',
    text: 'Says how many resources an answer may have.',
  },
  {
    id: '7643-5-5',
    section: '5',
    level: 'MUST',
    text: 'Names authentication schemes with type, name and description.',
  },
  {
    id: '7643-5-6',
    section: '5',
    level: 'SHOULD',
    text: 'Shows authentication schemes without authentication.',
  },
  {
    id: '7643-5-7',
    section: '5',
    level: 'MAY',
    text: 'Says where an authentication scheme is specified.',
  },
  {
    id: '7643-5-8',
    section: '5',
    level: 'MAY',
    text: 'Says where the use of an authentication scheme is explained.',
    reason: 'docs/connect explains it for each identity provider.',
    followed: false,
  },
  {
    id: '7643-6-1',
    section: '6',
    level: 'MUST',
    text: 'Names each resource type, as meta.resourceType does.',
  },
  {
    id: '7643-6-2',
    section: '6',
    level: 'MUST',
    text: 'Describes each resource type.',
  },
  {
    id: '7643-6-3',
    section: '6',
    level: 'MUST',
    text: 'Names the endpoint of each resource type.',
  },
  {
    id: '7643-6-4',
    section: '6',
    level: 'MUST',
    text: 'Names the core schema of a resource type by the id of the schema.',
  },
  {
    id: '7643-6-5',
    section: '6',
    level: 'MAY',
    text: 'Gives a resource type an id.',
  },
  {
    id: '7643-6-6',
    section: '6',
    level: 'MUST',
    text: 'Names each extension by the id of its schema, and says whether it is required.',
  },
  {
    id: '7643-6-7',
    section: '6',
    level: 'MUST',
    text: 'Asks for a required extension and for the attributes that are required in it.',
  },
  {
    id: '7643-6-8',
    section: '6',
    level: 'MAY',
    text: 'Leaves out an extension that is not required.',
  },
];
