import type { Requirement } from '../requirement.ts';

/** RFC 7644 sections 3.4.2.1 and 3.4.3. */
export const SEARCH: readonly Requirement[] = [
  {
    id: '7644-3.4.2.1-1',
    section: '3.4.2.1',
    level: 'MAY',
    text: 'Answers queries on a resource, on a resource type endpoint and on its root.',
  },
  {
    id: '7644-3.4.2.1-2',
    section: '3.4.2.1',
    level: 'MUST',
    text: 'Includes all resources in a query on its root, subject to the filter.',
  },
  {
    id: '7644-3.4.2.1-3',
    section: '3.4.2.1',
    level: 'MAY',
    text: 'Takes meta.resourceType in a filter, to choose resource types.',
  },
  {
    id: '7644-3.4.2.1-4',
    section: '3.4.2.1',
    level: 'MUST',
    text: 'Refuses a query with too many results with 400 tooMany.',
    reason: 'No result is too many: it is answered in pages of at most 1,000 resources.',
  },
  {
    id: '7644-3.4.2.1-5',
    section: '3.4.2.1',
    level: 'MUST',
    text: 'Applies filters to several resource types as section 3.4.2.2 says.',
  },
  {
    id: '7644-3.4.2.1-6',
    section: '3.4.2.1',
    level: 'MUST',
    text: 'Treats an attribute that a resource type does not have as one without a value.',
  },
  {
    id: '7644-3.4.3-1',
    section: '3.4.3',
    level: 'MUST',
    text: 'Takes a POST to an endpoint with /.search at its end for a query.',
  },
  {
    id: '7644-3.4.3-2',
    section: '3.4.3',
    level: 'MAY',
    text: 'Takes any parameter of section 3.4.2 in the body.',
  },
  {
    id: '7644-3.4.3-3',
    section: '3.4.3',
    level: 'MUST',
    text: 'Needs the SearchRequest schema in the body.',
  },
  {
    id: '7644-3.4.3-4',
    section: '3.4.3',
    level: 'MUST',
    text: 'Reads the names in "attributes" in standard attribute notation.',
  },
  { id: '7644-3.4.3-5', section: '3.4.3', level: 'MAY', text: 'Takes "attributes".' },
  {
    id: '7644-3.4.3-6',
    section: '3.4.3',
    level: 'MUST',
    text: 'Sends attributes that are always returned whatever "excludedAttributes" names.',
  },
  {
    id: '7644-3.4.3-7',
    section: '3.4.3',
    level: 'MUST',
    text: 'Reads the names in "excludedAttributes" in standard attribute notation.',
  },
  { id: '7644-3.4.3-8', section: '3.4.3', level: 'MAY', text: 'Takes "excludedAttributes".' },
  { id: '7644-3.4.3-9', section: '3.4.3', level: 'MUST', text: 'Needs a valid filter in "filter".' },
  { id: '7644-3.4.3-10', section: '3.4.3', level: 'MAY', text: 'Takes "filter".' },
  {
    id: '7644-3.4.3-11',
    section: '3.4.3',
    level: 'MUST',
    text: 'Sorts by the attribute that "sortBy" names.',
  },
  {
    id: '7644-3.4.3-12',
    section: '3.4.3',
    level: 'MUST',
    text: 'Reads "sortBy" in standard attribute notation.',
  },
  { id: '7644-3.4.3-13', section: '3.4.3', level: 'MAY', text: 'Takes "sortBy".' },
  { id: '7644-3.4.3-14', section: '3.4.3', level: 'MAY', text: 'Takes "sortOrder".' },
  { id: '7644-3.4.3-15', section: '3.4.3', level: 'MAY', text: 'Takes "startIndex".' },
  { id: '7644-3.4.3-16', section: '3.4.3', level: 'MAY', text: 'Takes "count".' },
];
