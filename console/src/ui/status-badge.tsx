import { Badge } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconInfoCircle,
} from '@tabler/icons-react';

/** How something is: told by colour and by a sign, for those who do not see colours. */
export type Tone = 'good' | 'warning' | 'bad' | 'neutral' | 'info';

const LOOKS = {
  good: { color: 'teal', icon: IconCircleCheck },
  warning: { color: 'yellow', icon: IconAlertTriangle },
  bad: { color: 'red', icon: IconCircleX },
  neutral: { color: 'gray', icon: IconCircleDashed },
  info: { color: 'blue', icon: IconInfoCircle },
} as const;

interface StatusBadgeProps {
  readonly tone: Tone;
  readonly children: string;
}

export function StatusBadge({ tone, children }: StatusBadgeProps) {
  const { color, icon: Icon } = LOOKS[tone];
  return (
    <Badge
      variant="light"
      color={color}
      tt="none"
      fw={600}
      radius="sm"
      leftSection={<Icon size={13} aria-hidden />}
      autoContrast
    >
      {children}
    </Badge>
  );
}
