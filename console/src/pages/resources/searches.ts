import { count, flag, oneOf, searchOf, text } from '../../search.ts';

/** What the URL of a list of resources may hold. */
export const LIST_SEARCH = searchOf({
  q: text,
  filter: text,
  sort: text,
  page: count,
  columns: text,
  create: flag,
});

/** What the URL of a resource may hold. */
export const RESOURCE_SEARCH = searchOf({
  tab: oneOf('details', 'groups', 'members', 'permissions', 'json', 'history'),
  q: text,
  after: text,
});
