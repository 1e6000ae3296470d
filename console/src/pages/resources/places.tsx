import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** What people call a resource type, and where its pages are. */
interface Place {
  readonly plural: string;
  readonly one: string;
}

const PLACES: Readonly<Record<string, Place>> = {
  User: { plural: 'Users', one: 'user' },
  Group: { plural: 'Groups', one: 'group' },
};

export const placeOf = (type: string): Place => PLACES[type] ?? { plural: type, one: type };

interface ListLinkProps {
  readonly tenant: string;
  readonly type: string;
}

/** A link to the list of a type. */
export function ListLink({ tenant, type }: ListLinkProps) {
  return (
    <Anchor
      size="sm"
      renderRoot={(props) =>
        type === 'User' ? (
          <Link {...props} to="/t/$tenant/users" params={{ tenant }} />
        ) : type === 'Group' ? (
          <Link {...props} to="/t/$tenant/groups" params={{ tenant }} />
        ) : (
          <Link {...props} to="/t/$tenant/resources/$type" params={{ tenant, type }} />
        )
      }
    >
      {placeOf(type).plural}
    </Anchor>
  );
}

interface ResourceLinkProps extends ListLinkProps {
  readonly id: string;
  readonly children: ReactNode;
}

/** A link to the page of a resource. */
export function ResourceLink({ tenant, type, id, children }: ResourceLinkProps) {
  return (
    <Anchor
      fw={500}
      size="sm"
      renderRoot={(props) =>
        type === 'User' ? (
          <Link {...props} to="/t/$tenant/users/$id" params={{ tenant, id }} />
        ) : type === 'Group' ? (
          <Link {...props} to="/t/$tenant/groups/$id" params={{ tenant, id }} />
        ) : (
          <Link {...props} to="/t/$tenant/resources/$type/$id" params={{ tenant, type, id }} />
        )
      }
    >
      {children}
    </Anchor>
  );
}
