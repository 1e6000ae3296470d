import { getRouteApi } from '@tanstack/react-router';
import { ResourceList } from './resource-list.tsx';
import { ResourcePage } from './resource-page.tsx';

const listRoute = getRouteApi('/in/t/$tenant/resources/$type');
const route = getRouteApi('/in/t/$tenant/resources/$type/$id');

/** Resources of a type that the tenant has defined. */
export function Resources() {
  const { tenant, type } = listRoute.useParams();
  return (
    <ResourceList
      key={`${tenant} ${type}`}
      tenant={tenant}
      type={type}
      search={listRoute.useSearch()}
      description="A resource type that this tenant has defined."
    />
  );
}

export function AnyResource() {
  const { tenant, type, id } = route.useParams();
  return <ResourcePage key={id} tenant={tenant} type={type} id={id} search={route.useSearch()} />;
}
