import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../api/queries.ts';
import type { ApiFormState } from '../../ui/use-api-form.ts';
import type { Drafts } from './form-values.ts';
import { setDraft } from './set-draft.ts';
import { nameOf } from './type-view.ts';

const PROPOSED = 20;

interface ResourcePickerProps {
  readonly form: ApiFormState<Drafts>;
  readonly path: string;
  /** The first one is searched. */
  readonly types: readonly string[];
  readonly tenant: string;
  readonly label: string;
}

/** Chooses a resource by its name; what is kept is its id. */
export function ResourcePicker({ form, path, types: [type = 'User'], tenant, label }: ResourcePickerProps) {
  const { value, error } = form.getInputProps(path) as { value?: string; error?: string };
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const chosen = useQuery({
    ...ask('GET /tenants/{tenant}/resources/{type}/{id}', { params: { tenant, type, id: value || '-' } }),
    enabled: value !== undefined && value !== '',
    retry: false,
  });
  const chosenName = chosen.data === undefined ? value : nameOf(chosen.data);
  const found = useQuery({
    ...ask('GET /tenants/{tenant}/resources/{type}', {
      params: { tenant, type },
      query: { count: PROPOSED, ...(search !== '' && search !== chosenName && { search }) },
    }),
    placeholderData: keepPreviousData,
  });
  const options = (found.data?.resources ?? []).map((resource) => ({
    value: String(resource.id),
    label: nameOf(resource),
  }));
  if (value && !options.some((option) => option.value === value))
    options.unshift({ value, label: chosenName ?? value });
  return (
    <Select
      label={label}
      description={`Search by name${chosen.isError ? '; there is no resource with this id' : ''}`}
      data={options}
      value={value || null}
      onChange={(id) => setDraft(form, path, id ?? '')}
      onSearchChange={setTyped}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label}` }}
      filter={({ options: all }) => all}
      nothingFoundMessage="Nobody of this name"
      error={error}
    />
  );
}
