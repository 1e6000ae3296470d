import { Stack } from '@mantine/core';
import { PageHeader } from '../../ui/page-header.tsx';
import { ApiKeys } from './api-keys.tsx';
import { Authenticator } from './authenticator.tsx';
import { Password } from './password.tsx';
import { Profile } from './profile.tsx';
import { Sessions } from './sessions.tsx';

export function Account() {
  return (
    <>
      <PageHeader title="Your account" description="Who you are here, and by what Roster knows it." />
      <Stack gap="lg" maw={760}>
        <Profile />
        <Password />
        <Authenticator />
        <Sessions />
        <ApiKeys />
      </Stack>
    </>
  );
}
