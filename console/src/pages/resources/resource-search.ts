const RESOURCE_TABS = ['details', 'groups', 'members', 'permissions', 'json', 'history'] as const;
export type TabName = (typeof RESOURCE_TABS)[number];

/** What the URL of a resource holds. */
export interface ResourceSearch {
  readonly tab?: TabName | undefined;
  /** Of the members. */
  readonly q?: string | undefined;
  /** Where the members, or the history, go on. */
  readonly after?: string | undefined;
}
