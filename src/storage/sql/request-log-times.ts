import { randomUUID } from 'node:crypto';

/** The first UUID of version 7 of a moment (RFC 9562 section 5.7): those made before come before it. */
export function idAt(milliseconds: number): string {
  const time = Math.max(0, Math.floor(milliseconds)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8, 12)}`;
}

/** When a UUID of version 7 was made, in milliseconds since 1970. @returns undefined for any other text */
export function timeOfId(id: string): number | undefined {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(id)) return undefined;
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Makes ids that sort by the time of the answer, and are found by it. */
export function createIds(): (milliseconds: number) => string {
  let last = 0;
  let sequence = 0;
  return (milliseconds) => {
    sequence = milliseconds === last ? (sequence + 1) & 0xfff : 0;
    last = milliseconds;
    return `${idAt(milliseconds)}-7${sequence.toString(16).padStart(3, '0')}-${randomUUID().slice(19)}`;
  };
}
