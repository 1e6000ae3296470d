import {
  IconActivity,
  IconBuildingCommunity,
  IconBuildings,
  IconGauge,
  IconHistory,
  IconHome,
  IconPlug,
  IconSchema,
  IconSettings,
  IconShieldLock,
  IconStack2,
  IconUser,
  IconUserCog,
  IconUsersGroup,
  IconZoomQuestion,
  type TablerIcon,
} from '@tabler/icons-react';
import type { Role } from '../api/session.ts';

/** A page that the navigation and the palette name. It is shown as soon as the router has a route of this path. */
export interface Entry {
  readonly label: string;
  /** Full path of the route, without /console. */
  readonly path: string;
  readonly icon: TablerIcon;
  /** What else people call it, for the palette. */
  readonly keywords: string;
  /** Who sees it; absent: everybody. */
  readonly roles?: readonly Role[];
}

/** What is done on a page, for the palette: goes there with this in the URL. */
export interface Action extends Entry {
  readonly search: Readonly<Record<string, unknown>>;
}

export const TENANT_PAGES: readonly Entry[] = [
  { label: 'Home', path: '/t/$tenant', icon: IconHome, keywords: 'overview health start dashboard' },
  {
    label: 'Integrations',
    path: '/t/$tenant/integrations',
    icon: IconPlug,
    keywords: 'credentials tokens connect provider entra okta scim',
  },
  { label: 'Users', path: '/t/$tenant/users', icon: IconUser, keywords: 'people accounts' },
  { label: 'Groups', path: '/t/$tenant/groups', icon: IconUsersGroup, keywords: 'roles members permissions' },
  { label: 'User stores', path: '/t/$tenant/user-stores', icon: IconStack2, keywords: 'primary domain' },
  {
    label: 'Requests',
    path: '/t/$tenant/requests',
    icon: IconActivity,
    keywords: 'log errors traffic live replay',
  },
  { label: 'Audit', path: '/t/$tenant/audit', icon: IconHistory, keywords: 'history changes who' },
  {
    label: 'Schemas',
    path: '/t/$tenant/schemas',
    icon: IconSchema,
    keywords: 'attributes resource types extensions',
  },
];

export const SERVER_PAGES: readonly Entry[] = [
  {
    label: 'Overview',
    path: '/overview',
    icon: IconGauge,
    keywords: 'health all tenants start dashboard',
    roles: ['owner'],
  },
  {
    label: 'All tenants',
    path: '/tenants',
    icon: IconBuildings,
    keywords: 'organisations domains',
    roles: ['owner'],
  },
  {
    label: 'Operators',
    path: '/operators',
    icon: IconUserCog,
    keywords: 'administrators invite auditors roles',
    roles: ['owner', 'tenantAdmin'],
  },
  {
    label: 'Unattributed requests',
    path: '/requests',
    icon: IconZoomQuestion,
    keywords: 'unknown credentials 401',
    roles: ['owner'],
  },
  {
    label: 'Server audit',
    path: '/audit',
    icon: IconShieldLock,
    keywords: 'sign-ins owners history',
    roles: ['owner'],
  },
  {
    label: 'Server',
    path: '/server',
    icon: IconSettings,
    keywords: 'settings version health',
    roles: ['owner'],
  },
];

const changers = ['owner', 'tenantAdmin'] as const;

export const ACTIONS: readonly Action[] = [
  {
    label: 'Create SCIM integration',
    path: '/t/$tenant/integrations',
    search: { create: true },
    icon: IconPlug,
    keywords: 'new add connect',
    roles: changers,
  },
  {
    label: 'Create user',
    path: '/t/$tenant/users',
    search: { create: true },
    icon: IconUser,
    keywords: 'new add',
    roles: changers,
  },
  {
    label: 'Create group',
    path: '/t/$tenant/groups',
    search: { create: true },
    icon: IconUsersGroup,
    keywords: 'new add',
    roles: changers,
  },
  {
    label: 'Add tenant',
    path: '/tenants',
    search: { create: true },
    icon: IconBuildingCommunity,
    keywords: 'new create organisation',
    roles: ['owner'],
  },
  {
    label: 'Invite operator',
    path: '/operators',
    search: { create: true },
    icon: IconUserCog,
    keywords: 'new add create administrator',
    roles: ['owner', 'tenantAdmin'],
  },
];
