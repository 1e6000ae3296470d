import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './global.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { onSignedOut } from './api/client.ts';
import { endSession } from './api/session.ts';
import { router } from './router.tsx';
import { trustOwnStyles } from './shell/trusted-styles.ts';

trustOwnStyles();

onSignedOut(() => {
  const { href, pathname } = router.state.location;
  endSession();
  if (pathname !== '/sign-in') void router.navigate({ to: '/sign-in', search: { next: href, ended: true } });
});

const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <RouterProvider router={router} />
    </StrictMode>,
  );
