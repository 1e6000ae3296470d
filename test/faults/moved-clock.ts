import { readFileSync } from 'node:fs';

// Loaded into a server before anything else: its clock differs from that of the machine by as many milliseconds as stand in a
// file, which a test writes.

const file = process.env.FAULT_CLOCK_FILE as string;
const RealDate = Date;

const now = (): number => RealDate.now() + Number(readFileSync(file, 'utf8'));

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given) => (given.length === 0 ? new target(now()) : Reflect.construct(target, given)),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
