import { getRouteApi } from '@tanstack/react-router';
import { ResourceList } from '../resources/resource-list.tsx';
import { ResourcePage } from '../resources/resource-page.tsx';

const listRoute = getRouteApi('/in/t/$tenant/users');
const route = getRouteApi('/in/t/$tenant/users/$id');

export function Users() {
  const { tenant } = listRoute.useParams();
  return (
    <ResourceList
      key={tenant}
      tenant={tenant}
      type="User"
      search={listRoute.useSearch()}
      description="The people that identity providers have sent to this tenant, and those created here."
    />
  );
}

export function User() {
  const { tenant, id } = route.useParams();
  return <ResourcePage key={id} tenant={tenant} type="User" id={id} search={route.useSearch()} />;
}
