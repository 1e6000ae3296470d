import { Button, Group, Menu, SegmentedControl, Stack, Tabs } from '@mantine/core';
import { IconDots, IconKey, IconMoodEmpty, IconTrash, IconUserCheck, IconUserOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouteName } from '../../api/client.ts';
import { ask, useChange } from '../../api/queries.ts';
import { useMayChange } from '../../api/session.ts';
import { CopyText } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { JsonBlock } from '../../ui/json-block.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusBadge } from '../../ui/status-badge.tsx';
import { tell } from '../../ui/tell.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { useChangeSearch } from '../../ui/use-url-state.ts';
import { AttributeList } from './attribute-list.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { changesOf } from './form-values.ts';
import { GroupsOf } from './groups-of.tsx';
import { History } from './history.tsx';
import { Members } from './members.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { GroupPermissions } from './permissions.tsx';
import { ListLink, placeOf } from './places.tsx';
import { ResourceForm } from './resource-form.tsx';
import type { ResourceSearch, TabName } from './resource-search.ts';
import { nameOf, type Resource, type TypeView, versionOf } from './type-view.ts';
import { useTypeView } from './use-type-view.ts';

const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** What is read anew when a resource has changed. */
const OUTDATED: readonly RouteName[] = [
  'GET /tenants/{tenant}/resources/{type}',
  'GET /tenants/{tenant}/resources/{type}/{id}',
  'GET /tenants/{tenant}/resources/{type}/{id}/history',
];

interface ResourcePageProps {
  readonly tenant: string;
  readonly type: string;
  readonly id: string;
  readonly search: ResourceSearch;
}

/** A resource: what it is, where it belongs, and what became of it. */
export function ResourcePage({ tenant, type, id, search }: ResourcePageProps) {
  const { view, failure, isUnknown, retry } = useTypeView(tenant, type);
  const query = useQuery({
    ...ask('GET /tenants/{tenant}/resources/{type}/{id}', { params: { tenant, type, id } }),
    retry: false,
  });
  const { one } = placeOf(type);
  const above = [<ListLink key="list" tenant={tenant} type={type} />];
  if (query.data === undefined || view === undefined)
    return (
      <>
        <PageHeader title={one.charAt(0).toUpperCase() + one.slice(1)} above={above} />
        {failure !== null && <ErrorPanel error={failure} onRetry={retry} />}
        {isUnknown && <EmptyState icon={IconMoodEmpty} title={`There is no resource type ${type}`} />}
        {failure === null && !isUnknown && <Loaded query={query}>{() => null}</Loaded>}
      </>
    );
  return <Known tenant={tenant} view={view} resource={query.data} search={search} above={above} />;
}

interface KnownProps {
  readonly tenant: string;
  readonly view: TypeView;
  readonly resource: Resource;
  readonly search: ResourceSearch;
  readonly above: readonly React.ReactNode[];
}

function Known({ tenant, view, resource, search, above }: KnownProps) {
  const { name: type } = view;
  const change = useChangeSearch<ResourceSearch>();
  const tabs = tabsOf(type);
  const [{ value: firstTab } = { value: 'details' as const }] = tabs;
  const tab =
    search.tab !== undefined && tabs.some(({ value }) => value === search.tab) ? search.tab : firstTab;
  const id = String(resource.id);
  const meta = resource.meta as { created?: string; lastModified?: string } | undefined;
  return (
    <>
      <PageHeader
        title={nameOf(resource)}
        above={above}
        badge={
          'active' in resource && (
            <StatusBadge tone={resource.active === true ? 'good' : 'neutral'}>
              {resource.active === true ? 'Active' : 'Not active'}
            </StatusBadge>
          )
        }
        description={
          <Group gap="md">
            <CopyText value={id} label="Copy id" />
            <span>
              Created <TimeText value={meta?.created} />, changed <TimeText value={meta?.lastModified} />
            </span>
          </Group>
        }
        actions={<Actions tenant={tenant} type={type} resource={resource} />}
      />
      <Tabs
        value={tab}
        onChange={(next) =>
          change({ tab: next === firstTab ? undefined : (next as TabName), q: undefined, after: undefined })
        }
        keepMounted={false}
      >
        <Tabs.List mb="lg" aria-label="About this resource">
          {tabs.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="details">
          <Details tenant={tenant} view={view} resource={resource} />
        </Tabs.Panel>
        <Tabs.Panel value="groups">
          <GroupsOf tenant={tenant} resource={resource} />
        </Tabs.Panel>
        <Tabs.Panel value="members">
          <Members tenant={tenant} group={id} search={search} onSearch={change} />
        </Tabs.Panel>
        <Tabs.Panel value="permissions">
          <GroupPermissions tenant={tenant} group={id} />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <RawJson tenant={tenant} type={type} id={id} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History
            tenant={tenant}
            type={type}
            id={id}
            after={search.after}
            onAfter={(after) => change({ after })}
          />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function tabsOf(type: string): readonly { readonly value: TabName; readonly label: string }[] {
  const details = { value: 'details', label: 'Details' } as const;
  const rest = [
    { value: 'history', label: 'History' },
    { value: 'json', label: 'JSON' },
  ] as const;
  if (type === 'User') return [details, { value: 'groups', label: 'Groups' }, ...rest];
  if (type !== 'Group') return [details, ...rest];
  const [members, permissions] = [
    { value: 'members', label: 'Members' },
    { value: 'permissions', label: 'Permissions' },
  ] as const;
  return [members, details, permissions, ...rest];
}

function Details({ tenant, view, resource }: Omit<KnownProps, 'search' | 'above'>) {
  const mayChange = useMayChange();
  const change = useChange('PATCH /tenants/{tenant}/resources/{type}/{id}', {
    outdates: OUTDATED,
    showsErrors: true,
  });
  if (!mayChange) return <AttributeList view={view} resource={resource} />;
  const version = versionOf(resource);
  return (
    <ResourceForm
      // a resource that has changed is edited anew
      key={version}
      tenant={tenant}
      view={view}
      resource={resource}
      submitLabel="Save"
      onSubmit={async (after, before) => {
        const Operations = changesOf(view, before, after);
        if (Operations.length === 0) {
          tell.success('There is nothing to save: nothing has changed');
          return;
        }
        await change.mutateAsync({
          params: { tenant, type: view.name, id: String(resource.id) },
          query: version === undefined ? {} : { version },
          body: { schemas: [PATCH_SCHEMA], Operations: Operations.map((each) => ({ ...each })) },
        });
        tell.success('Saved');
      }}
    />
  );
}

interface ActionsProps {
  readonly tenant: string;
  readonly type: string;
  readonly resource: Resource;
}

function Actions({ tenant, type, resource }: ActionsProps) {
  const mayChange = useMayChange();
  const [dialog, setDialog] = useState<'delete' | 'password'>();
  // who is not said to be switched off can sign in
  const isActive = resource.active !== false;
  const setActive = useChange('PATCH /tenants/{tenant}/resources/{type}/{id}', {
    outdates: OUTDATED,
    done: isActive ? 'The user is not active any more' : 'The user is active',
  });
  if (!mayChange) return null;
  const id = String(resource.id);
  const close = () => setDialog(undefined);
  return (
    <>
      {type === 'User' && (
        <Button
          variant="default"
          loading={setActive.isPending}
          leftSection={
            isActive ? <IconUserOff size={16} aria-hidden /> : <IconUserCheck size={16} aria-hidden />
          }
          onClick={() =>
            setActive.mutate({
              params: { tenant, type, id },
              body: {
                schemas: [PATCH_SCHEMA],
                Operations: [{ op: 'replace', path: 'active', value: !isActive }],
              },
            })
          }
        >
          {isActive ? 'Deactivate' : 'Activate'}
        </Button>
      )}
      {type === 'User' ? (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px="xs" aria-label="More actions">
              <IconDots size={18} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconKey size={16} aria-hidden />} onClick={() => setDialog('password')}>
              Reset password
            </Menu.Item>
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setDialog('delete')}
            >
              Delete
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : (
        <Button
          variant="default"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => setDialog('delete')}
        >
          Delete
        </Button>
      )}
      <PasswordDialog
        opened={dialog === 'password'}
        onClose={close}
        tenant={tenant}
        user={id}
        name={nameOf(resource)}
      />
      <DeleteDialog
        opened={dialog === 'delete'}
        onClose={close}
        tenant={tenant}
        type={type}
        resource={resource}
      />
    </>
  );
}

function RawJson({
  tenant,
  type,
  id,
}: {
  readonly tenant: string;
  readonly type: string;
  readonly id: string;
}) {
  const [protocol, setProtocol] = useState<'2.0' | '1.1'>('2.0');
  const query = useQuery(
    ask('GET /tenants/{tenant}/resources/{type}/{id}', { params: { tenant, type, id }, query: { protocol } }),
  );
  const hasOld = type === 'User' || type === 'Group';
  return (
    <Stack gap="sm" align="stretch">
      {hasOld && (
        <Group>
          <SegmentedControl
            aria-label="Version of SCIM"
            value={protocol}
            onChange={(next) => setProtocol(next as '2.0' | '1.1')}
            data={[
              { value: '2.0', label: 'SCIM 2.0' },
              { value: '1.1', label: 'SCIM 1.1' },
            ]}
          />
        </Group>
      )}
      <Loaded query={query}>
        {(resource) => <JsonBlock value={resource} label={`SCIM ${protocol} JSON`} maxHeight={720} />}
      </Loaded>
    </Stack>
  );
}
