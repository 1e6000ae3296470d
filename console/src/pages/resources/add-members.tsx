import { MultiSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask, useChange } from '../../api/queries.ts';
import { ApiForm } from '../../ui/api-form.tsx';
import { useApiForm } from '../../ui/use-api-form.ts';
import { MEMBERS_OUTDATED } from './members-outdated.ts';
import { nameOf } from './type-view.ts';

interface AddMembersProps {
  readonly tenant: string;
  readonly group: string;
  readonly onClose: () => void;
}

const PROPOSED = 20;
const TYPES = ['User', 'Group'] as const;

/** Finds users and groups by their names, and makes them members. */
export function AddMembers({ tenant, group, onClose }: AddMembersProps) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const [users, groups] = TYPES.map((type) =>
    // the same two in every render
    useQuery({
      ...ask('GET /tenants/{tenant}/resources/{type}', {
        params: { tenant, type },
        query: { count: PROPOSED, ...(search.trim() !== '' && { search }) },
      }),
      placeholderData: keepPreviousData,
    }),
  );
  const change = useChange('POST /tenants/{tenant}/groups/{group}/members', {
    outdates: MEMBERS_OUTDATED,
    done: 'The members are added',
    showsErrors: true,
  });
  const form = useApiForm({
    initialValues: { add: [] as string[] },
    validate: { add: (ids) => (ids.length === 0 ? 'Choose whom to add.' : null) },
    submit: async ({ add }) => {
      await change.mutateAsync({ params: { tenant, group }, body: { add } });
      onClose();
    },
  });
  const optionsOf = (query: typeof users) =>
    (query?.data?.resources ?? [])
      .filter(({ id }) => id !== group)
      .map((resource) => ({ value: String(resource.id), label: nameOf(resource) }));
  const found = [
    { group: 'Users', items: optionsOf(users) },
    { group: 'Groups', items: optionsOf(groups) },
  ];
  const chosen = form.getValues().add;
  const known = new Set(found.flatMap(({ items }) => items.map(({ value }) => value)));
  const others = chosen
    .filter((id) => !known.has(id))
    .map((id) => ({ value: id, label: names.get(id) ?? id }));
  return (
    <ApiForm form={form} submitLabel="Add" onCancel={onClose}>
      <MultiSelect
        label="Users and groups"
        description="Search by name, user name or e-mail address."
        data={[...found, ...(others.length > 0 ? [{ group: 'Chosen', items: others }] : [])]}
        searchable
        searchValue={typed}
        onSearchChange={setTyped}
        filter={({ options }) => options}
        nothingFoundMessage="Nobody of this name"
        hidePickedOptions
        openOnFocus={false}
        data-autofocus
        maxDropdownHeight={280}
        {...form.getInputProps('add')}
        onChange={(ids) => {
          const labels = new Map(names);
          for (const { items } of found)
            for (const { value, label } of items) if (ids.includes(value)) labels.set(value, label);
          setNames(labels);
          form.setFieldValue('add', ids);
          setTyped('');
        }}
      />
    </ApiForm>
  );
}
