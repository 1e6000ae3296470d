import { PageHeader } from '../../ui/page-header.tsx';

export function Account() {
  return <PageHeader title="Your account" />;
}
