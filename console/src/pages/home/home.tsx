import { Card, SimpleGrid, Text } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { TENANT_PAGES } from '../../shell/navigation.ts';
import { useVisible } from '../../shell/use-visible.ts';
import { PageHeader } from '../../ui/page-header.tsx';

const route = getRouteApi('/in/t/$tenant/');

export function Home() {
  const { tenant } = route.useParams();
  const pages = useVisible(TENANT_PAGES).filter(({ path }) => path !== '/t/$tenant');
  return (
    <>
      <PageHeader title={tenant} description="What there is in this tenant." />
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        {pages.map(({ label, path, icon: Icon }) => (
          <Card
            key={path}
            withBorder
            renderRoot={(props) => <Link {...props} to={path as '/t/$tenant'} params={{ tenant }} />}
          >
            <Icon aria-hidden />
            <Text fw={600}>{label}</Text>
          </Card>
        ))}
      </SimpleGrid>
    </>
  );
}
