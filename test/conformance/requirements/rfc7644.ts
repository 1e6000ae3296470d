import type { Rfc } from '../requirement.ts';
import { CREATING } from './rfc7644-creating.ts';

/** RFC 7644 as a service provider sees it. */
export const RFC_7644: Rfc = {
  number: 7644,
  title: 'Protocol',
  sections: {
    '3.3': 'Creating Resources',
    '3.3.1': 'Resource Types',
    '3.6': 'Deleting Resources',
  },
  requirements: [...CREATING],
};
