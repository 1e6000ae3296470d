import { Box, CloseButton, Combobox, Group, Text, TextInput, useCombobox } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ApiError } from '../../api/error.ts';
import classes from './filter-box.module.css';
import { complete, pathsOf } from './filter-completion.ts';
import type { TypeView } from './type-view.ts';

interface FilterBoxProps {
  /** Undefined until it is read: nothing is proposed then. */
  readonly view: TypeView | undefined;
  /** What the URL says. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  /** Of the list that was asked for with the filter. */
  readonly error: unknown;
}

/** A SCIM filter with proposals for what comes next; what is wrong with it is marked below. */
export function FilterBox({ view, value = '', onChange, error }: FilterBoxProps) {
  const [typed, setTyped] = useState(value);
  const [caret, setCaret] = useState(value.length);
  const input = useRef<HTMLInputElement>(null);
  /** Where the caret is to be as soon as what was chosen stands in the field. */
  const placed = useRef<number>(undefined);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const paths = useMemo(() => (view === undefined ? [] : pathsOf(view)), [view]);
  const { from, to, options } = complete(typed, caret, paths, Date.now());

  useEffect(() => setTyped(value), [value]);

  useLayoutEffect(() => {
    if (placed.current === undefined) return;
    input.current?.setSelectionRange(placed.current, placed.current);
    placed.current = undefined;
  });

  const send = () => {
    combobox.closeDropdown();
    onChange(typed.trim() === '' ? undefined : typed);
  };
  const take = (text: string) => {
    const after = typed.slice(to);
    const gap = after.startsWith(' ') || after.startsWith(')') || after.startsWith(']') ? '' : ' ';
    const next = `${typed.slice(0, from)}${text}${gap}`;
    setTyped(next + after);
    setCaret(next.length);
    combobox.resetSelectedOption();
    placed.current = next.length;
  };

  return (
    <Box flex="1 1 20rem" maw={720}>
      <Combobox store={combobox} onOptionSubmit={take}>
        <Combobox.Target>
          <TextInput
            ref={input}
            aria-label="SCIM filter"
            placeholder='userName sw "a" and active eq true'
            value={typed}
            onChange={({ currentTarget }) => {
              setTyped(currentTarget.value);
              setCaret(currentTarget.selectionStart ?? currentTarget.value.length);
              combobox.openDropdown();
              combobox.resetSelectedOption();
            }}
            onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart ?? 0)}
            onFocus={() => combobox.openDropdown()}
            onBlur={() => combobox.closeDropdown()}
            onKeyDown={(event) => {
              const isChosen = combobox.dropdownOpened && combobox.getSelectedOptionIndex() >= 0;
              if (event.key === 'Enter' && !isChosen) {
                event.preventDefault();
                event.stopPropagation();
                send();
              }
            }}
            leftSection={<IconFilter size={16} aria-hidden />}
            rightSection={
              typed !== '' && (
                <CloseButton
                  size="sm"
                  aria-label="Clear the filter"
                  onClick={() => {
                    setTyped('');
                    onChange(undefined);
                  }}
                />
              )
            }
            classNames={{ input: classes.text as string }}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            maxLength={16_384}
            description="Enter applies it. The arrow keys choose from what may come next."
            inputWrapperOrder={['input', 'description', 'error']}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={options.length === 0}>
          <Combobox.Options className={classes.options} aria-label="What may come next">
            {options.map(({ text, hint }) => (
              <Combobox.Option value={text} key={text}>
                <Group justify="space-between" gap="md" wrap="nowrap">
                  <Text span size="sm" ff="monospace">
                    {text}
                  </Text>
                  <Text span size="xs" c="dimmed" className={classes.hint}>
                    {hint}
                  </Text>
                </Group>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {error instanceof ApiError && error.scimType !== undefined && value !== '' && (
        <FilterError filter={value} position={error.position} message={error.message} />
      )}
    </Box>
  );
}

interface FilterErrorProps {
  readonly filter: string;
  /** From 1; undefined: not known. */
  readonly position: number | undefined;
  readonly message: string;
}

/** What is wrong with a filter, below the place where it is. */
function FilterError({ filter, position, message }: FilterErrorProps) {
  const at = position === undefined ? undefined : Math.min(position - 1, filter.length);
  return (
    <Box role="alert" mt="xs">
      {at !== undefined && (
        <div className={classes.marked}>
          {filter.slice(0, at)}
          <mark className={classes.mark}>
            {filter.slice(at).match(/^(?:"[^"]*"?|[^\s"]+)/)?.[0] ?? '\u00a0'}
          </mark>
          {filter.slice(at + (filter.slice(at).match(/^(?:"[^"]*"?|[^\s"]+)/)?.[0].length ?? 0))}
        </div>
      )}
      <Text size="sm" c="var(--mantine-color-error)">
        {message}
      </Text>
    </Box>
  );
}
