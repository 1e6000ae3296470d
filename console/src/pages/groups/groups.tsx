import { getRouteApi } from '@tanstack/react-router';
import { ResourceList } from '../resources/resource-list.tsx';
import { ResourcePage } from '../resources/resource-page.tsx';

const listRoute = getRouteApi('/in/t/$tenant/groups');
const route = getRouteApi('/in/t/$tenant/groups/$id');

export function Groups() {
  const { tenant } = listRoute.useParams();
  return (
    <ResourceList
      key={tenant}
      tenant={tenant}
      type="Group"
      search={listRoute.useSearch()}
      description="Groups of users and of other groups. What a group permits counts for everybody in it."
    />
  );
}

export function Group() {
  const { tenant, id } = route.useParams();
  return <ResourcePage key={id} tenant={tenant} type="Group" id={id} search={route.useSearch()} />;
}
