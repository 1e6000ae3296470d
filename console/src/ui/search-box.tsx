import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';

/** Milliseconds without a key until what was typed is looked for. */
const PAUSE = 250;

interface SearchBoxProps {
  readonly label: string;
  /** What the URL says. */
  readonly value: string | undefined;
  /** Called when typing has paused; undefined: the box is empty. */
  readonly onChange: (value: string | undefined) => void;
  readonly placeholder?: string;
}

/** Searches as one types. */
export function SearchBox({ label, value = '', onChange, placeholder }: SearchBoxProps) {
  const [typed, setTyped] = useState(value);
  const [sent, setSent] = useState(value);
  const send = useDebouncedCallback((next: string) => {
    setSent(next);
    onChange(next.trim() === '' ? undefined : next.trim());
  }, PAUSE);

  // the URL has changed otherwise, by going back for example
  useEffect(() => {
    if (value !== sent.trim()) {
      setTyped(value);
      setSent(value);
    }
  }, [value, sent]);

  const change = (next: string) => {
    setTyped(next);
    send(next);
  };
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder ?? label}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        typed !== '' && <CloseButton size="sm" aria-label="Clear the search" onClick={() => change('')} />
      }
      maxLength={200}
      flex="1 1 14rem"
      maw={420}
    />
  );
}
