import { NativeSelect, Stack, Text } from '@mantine/core';
import type { Answer } from '../../api/client.ts';
import classes from './tolerances.module.css';

export type ToleranceChoice = 'on' | 'off' | 'byDialect';

interface TolerancesProps {
  readonly rows: Answer<'GET /tolerances'>;
  /** Whether the dialect is the tolerant one. */
  readonly isStandard: boolean;
  readonly chosen: Readonly<Record<string, ToleranceChoice>>;
  readonly onChoose: (name: string, choice: ToleranceChoice) => void;
}

/** Each tolerance with what it accepts and who needs it. */
export function Tolerances({ rows, isStandard, chosen, onChoose }: TolerancesProps) {
  return (
    <Stack gap={0} component="ul" p={0} m={0} className={classes.list ?? ''}>
      {rows.map(({ name, description, provider, standard }) => (
        <li key={name} className={classes.row}>
          <div>
            <Text size="sm" fw={600} ff="monospace" id={`tolerance-${name}`}>
              {name}
            </Text>
            <Text size="sm">{description.replaceAll('`', '')}</Text>
            <Text size="xs" c="dimmed">
              Sent by {provider}
            </Text>
          </div>
          <NativeSelect
            size="xs"
            aria-labelledby={`tolerance-${name}`}
            value={chosen[name] ?? 'byDialect'}
            onChange={(event) => onChoose(name, event.currentTarget.value as ToleranceChoice)}
            data={[
              { value: 'byDialect', label: `By dialect: ${standard && isStandard ? 'on' : 'off'}` },
              { value: 'on', label: 'On' },
              { value: 'off', label: 'Off' },
            ]}
          />
        </li>
      ))}
    </Stack>
  );
}
