import type { Context } from '../context.ts';
import { residentMemoryOf } from '../machine.ts';
import type { Row } from '../measurement.ts';

const goal = 250;

/** Resident memory of the server after everything before it. */
export async function measureMemory({ roster }: Context): Promise<Row[]> {
  const resident = residentMemoryOf(roster.pid);
  const what = `resident memory, ${roster.users} users stored, after all of the load`;
  if (resident === undefined) return [{ name: 'memory', what, value: 'unknown here', note: 'needs /proc' }];
  return [
    {
      name: 'memory',
      what,
      value: `${Math.round(resident)} MiB`,
      goal: `< ${goal} MiB`,
      met: resident < goal,
    },
  ];
}
