import type { Rfc } from '../requirement.ts';
import { ANSWERS } from './rfc7644-answers.ts';
import { BULK } from './rfc7644-bulk.ts';
import { CREATING } from './rfc7644-creating.ts';
import { GENERAL } from './rfc7644-general.ts';
import { MODIFYING } from './rfc7644-modifying.ts';
import { QUERYING } from './rfc7644-querying.ts';
import { SEARCH } from './rfc7644-search.ts';

/** RFC 7644 as a service provider sees it. */
export const RFC_7644: Rfc = {
  number: 7644,
  title: 'Protocol',
  sections: {
    '1.2': 'Notational Conventions',
    '1.3': 'Definitions',
    '2': 'Authentication and Authorization',
    '2.1': 'Use of Tokens as Authorizations',
    '2.2': 'Anonymous Requests',
    '3.1': 'Background',
    '3.2': 'SCIM Endpoints and HTTP Methods',
    '3.3': 'Creating Resources',
    '3.3.1': 'Resource Types',
    '3.4': 'Retrieving Resources',
    '3.4.2': 'Query Resources',
    '3.4.2.1': 'Query Endpoints',
    '3.4.2.2': 'Filtering',
    '3.4.2.3': 'Sorting',
    '3.4.2.4': 'Pagination',
    '3.4.2.5': 'Attributes',
    '3.4.3': 'Querying Resources Using HTTP POST',
    '3.5': 'Modifying Resources',
    '3.5.1': 'Replacing with PUT',
    '3.5.2': 'Modifying with PATCH',
    '3.5.2.1': 'Add Operation',
    '3.5.2.2': 'Remove Operation',
    '3.5.2.3': 'Replace Operation',
    '3.6': 'Deleting Resources',
    '3.7': 'Bulk Operations',
    '3.7.1': 'Circular Reference Processing',
    '3.7.2': '"bulkId" Temporary Identifiers',
    '3.7.3': 'Response and Error Handling',
    '3.7.4': 'Maximum Operations',
    '3.8': 'Data Input/Output Formats',
    '3.9': 'Additional Operation Response Parameters',
    '3.10': 'Attribute Notation',
    '3.11': '"/Me" Authenticated Subject Alias',
    '3.12': 'HTTP Status and Error Response Handling',
    '3.13': 'SCIM Protocol Versioning',
    '3.14': 'Versioning Resources',
    '4': 'Service Provider Configuration Endpoints',
    '5': 'Preparation and Comparison of Internationalized Strings',
    '6': 'Multi-Tenancy',
    '6.1': 'Associating Clients to Tenants',
    '7.2': 'TLS Support Considerations',
    '7.3': 'Authorization Token Considerations',
    '7.4': 'Bearer Token and Cookie Considerations',
    '7.5.1': 'Personal Information',
    '7.5.2': 'Disclosure of Sensitive Information in URIs',
    '7.6': 'Anonymous Requests',
    '7.7': 'Secure Storage and Handling of Sensitive Data',
    '7.8': 'Case-Insensitive Comparison and International Languages',
    '8.1': 'Media Type Registration',
  },
  requirements: [...GENERAL, ...CREATING, ...QUERYING, ...SEARCH, ...MODIFYING, ...BULK, ...ANSWERS],
};
