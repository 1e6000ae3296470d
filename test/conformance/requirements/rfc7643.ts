import type { Rfc } from '../requirement.ts';
import { ATTRIBUTES } from './rfc7643-attributes.ts';
import { DEFINITION } from './rfc7643-definition.ts';
import { DISCOVERY } from './rfc7643-discovery.ts';
import { GROUP } from './rfc7643-group.ts';
import { RESOURCES } from './rfc7643-resources.ts';
import { USER } from './rfc7643-user.ts';

/** RFC 7643 as a service provider sees it. */
export const RFC_7643: Rfc = {
  number: 7643,
  title: 'Core Schema',
  sections: {
    '2.1': 'Attributes',
    '2.3': 'Attribute Data Types',
    '2.3.1': 'String',
    '2.3.4': 'Integer',
    '2.3.5': 'DateTime',
    '2.3.6': 'Binary',
    '2.3.7': 'Reference',
    '2.3.8': 'Complex',
    '2.4': 'Multi-Valued Attributes',
    '2.5': 'Unassigned and Null Values',
    '3': 'SCIM Resources',
    '3.1': 'Common Attributes',
    '3.3': 'Attribute Extensions to Resources',
    '4.1.1': 'Singular Attributes of "User"',
    '4.1.2': 'Multi-Valued Attributes of "User"',
    '4.2': '"Group" Resource Schema',
    '4.3': 'Enterprise User Schema Extension',
    '5': 'Service Provider Configuration Schema',
    '6': 'ResourceType Schema',
    '7': 'Schema Definition',
    '9.2': 'Passwords and Other Sensitive Security Data',
  },
  requirements: [...ATTRIBUTES, ...RESOURCES, ...USER, ...GROUP, ...DISCOVERY, ...DEFINITION],
};
