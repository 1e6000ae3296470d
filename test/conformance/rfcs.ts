import type { Rfc } from './requirement.ts';
import { RFC_7643 } from './requirements/rfc7643.ts';
import { RFC_7644 } from './requirements/rfc7644.ts';
import { RFC_9865 } from './requirements/rfc9865.ts';

/** The RFCs that the document covers, in its order. */
export const RFCS: readonly Rfc[] = [RFC_7643, RFC_7644, RFC_9865];
