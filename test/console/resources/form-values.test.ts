import { describe, expect, it, test } from 'vitest';
import {
  changesOf,
  draftsOf,
  fieldOf,
  newResource,
} from '../../../console/src/pages/resources/form-values.ts';
import type { Resource } from '../../../console/src/pages/resources/type-view.ts';
import { builtInView } from './published-types.ts';

const view = builtInView('User');
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const USER: Resource = {
  id: '1',
  userName: 'kim',
  active: true,
  name: { givenName: 'Kim', familyName: 'Lee', middleName: 'A' },
  emails: [{ value: 'kim@a.example', type: 'work', primary: true }],
  groups: [{ value: 'g1' }],
  [ENTERPRISE]: { department: 'R&D', manager: { value: 'm1', displayName: 'Max' } },
};

/** The drafts of the user with some of them changed. */
function edited(changes: Readonly<Record<string, unknown>>) {
  const drafts = structuredClone(draftsOf(view, USER));
  for (const [path, value] of Object.entries(changes)) {
    const names = path.split('.');
    const last = names.pop() as string;
    let target = drafts as Record<string, unknown>;
    for (const name of names) target = target[name] as Record<string, unknown>;
    target[last] = value;
  }
  return changesOf(view, draftsOf(view, USER), drafts);
}

describe('the changes of a form', () => {
  test.each<[changes: Readonly<Record<string, unknown>>, operations: unknown]>([
    [{}, []],
    [{ 's0.userName': 'kim2' }, [{ op: 'replace', path: 'userName', value: 'kim2' }]],
    [{ 's0.active': 'false' }, [{ op: 'replace', path: 'active', value: false }]],
    [{ 's0.active': '' }, [{ op: 'remove', path: 'active' }]],
    [{ 's0.title': '  ' }, []],
    [{ 's0.name.middleName': '' }, [{ op: 'remove', path: 'name.middleName' }]],
    [
      { 's0.emails.0.type': 'home' },
      [
        {
          op: 'replace',
          path: 'emails',
          value: [{ value: 'kim@a.example', type: 'home', primary: true }],
        },
      ],
    ],
    [{ 's0.emails': [] }, [{ op: 'remove', path: 'emails' }]],
    [{ 's1.department': 'Sales' }, [{ op: 'replace', path: `${ENTERPRISE}:department`, value: 'Sales' }]],
    [{ 's1.manager.value': '' }, [{ op: 'remove', path: `${ENTERPRISE}:manager.value` }]],
  ])('%j', (changes, operations) => {
    expect(edited(changes)).toEqual(operations);
  });
});

it('makes the body of a new resource, without what was left empty', () => {
  const drafts = draftsOf(view, undefined);
  Object.assign(drafts.s0 ?? {}, { userName: 'new', active: 'true', emails: [{ value: '', type: '' }] });
  Object.assign(drafts.s1 ?? {}, { employeeNumber: '7' });
  expect(newResource(view, drafts)).toEqual({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
    userName: 'new',
    active: true,
    [ENTERPRISE]: { employeeNumber: '7' },
  });
});

test.each([
  ['userName', 's0.userName'],
  ['name.givenName', 's0.name.givenName'],
  [`${ENTERPRISE}:department`, 's1.department'],
  [ENTERPRISE, 's1'],
])('what the server says of %s stands at %s', (path, field) => {
  expect(fieldOf(view, path)).toBe(field);
});
