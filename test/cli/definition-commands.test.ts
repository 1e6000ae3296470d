import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DEVICE,
  DEVICE_DEFINITION,
  DEVICE_TYPE_DEFINITION,
  LEASE,
  LEASE_DEFINITION,
} from '../service/tenant-definitions.ts';
import { createRoster, type Roster } from './roster.ts';

let roster: Roster;
beforeEach(() => {
  roster = createRoster();
});
afterEach(() => roster.close());

const run = (line: string, ...more: string[]) => roster.runHere([...line.split(' '), ...more]);

function file(content: unknown, name = 'definition.json'): string {
  const path = join(roster.dataDir, '..', name);
  const isText = typeof content === 'string' || Buffer.isBuffer(content);
  writeFileSync(path, isText ? content : JSON.stringify(content, undefined, 2));
  return path;
}

describe('roster schema', () => {
  it('adds, lists and removes, by URN or by file', async () => {
    const path = file(LEASE_DEFINITION);
    const added = await run('schema add --extend User --required --json', path);
    expect(added).toMatchObject({
      code: 0,
      stderr: '',
      json: {
        id: LEASE,
        name: 'Lease',
        tenant: 'carbon.super',
        resourceTypes: [{ type: 'User', as: 'extension', required: true }],
      },
    });
    expect((await run('schema list --json')).json).toEqual([added.json]);
    expect((await run('schema list')).stdout).toMatch(
      /^URN +NAME +ATTRIBUTES +USED BY\nurn:\S+ +Lease +4 +User \(required\)\n$/,
    );
    expect((await run('schema remove --json', path)).json).toEqual({ ...added.json, removed: true });
    expect((await run('schema add', path)).stdout).toBe(`Added the schema ${LEASE} to carbon.super.\n`);
    expect((await run('schema remove', LEASE)).stdout).toBe(
      `Removed the schema ${LEASE} from carbon.super.\n`,
    );
    expect(await run('schema remove --json', LEASE)).toMatchObject({
      code: 3,
      json: { error: { code: 'notFound' } },
    });
    expect((await run('schema list --json')).json).toEqual([]);
  });

  it('replaces, and tells the line of what stands against it', async () => {
    const lease = LEASE_DEFINITION as { attributes: object[] };
    const longer = { ...lease, attributes: [...lease.attributes, { name: 'site' }] };
    expect((await run('schema replace', file(longer))).code).toBe(3);
    await run('schema add', file(LEASE_DEFINITION));
    expect((await run('schema replace', file(longer))).stdout).toBe(
      `Replaced the schema ${LEASE} of carbon.super.\n`,
    );
    const again = await run('schema replace --json', file(longer));
    expect(again.json.attributes.map(({ name }: { name: string }) => name)).toContain('site');
    expect((await run('schema list --json')).json).toEqual([again.json]);
    const wrong = await run('schema replace', file({ ...lease, attributes: [{ name: 'id' }] }));
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toMatch(/definition\.json, line 6: Every resource has id already/);
  });

  it('works on the tenant that is named', async () => {
    await run('tenant create acme.com');
    const path = file(LEASE_DEFINITION);
    expect((await run('schema add --tenant acme.com --extend User', path)).stdout).toContain(
      'to acme.com as an extension of User',
    );
    expect((await run('schema list --json')).json).toEqual([]);
    expect((await run('schema list --json --tenant acme.com')).json).toHaveLength(1);
    expect((await run('schema add --tenant nowhere.com', path)).code).toBe(3);
  });

  it.each<[what: string, content: string | Buffer, line: number, reason: RegExp]>([
    [
      'a wrong type',
      '{\n  "id": "urn:example:x",\n  "attributes": [\n    { "name": "a" },\n    {\n      "name": "b",\n      "type": "text"\n    }\n  ]\n}',
      7,
      /"type" must be one of/,
    ],
    [
      'a fault in a part',
      '{"id":"urn:example:x","attributes":[\n{"name":"a","type":"complex","subAttributes":[\n{"name":"b"},\n{"name":"B"}\n]}]}',
      4,
      /two attributes B/,
    ],
    [
      'something missing',
      '{\n"id":"urn:example:x",\n"attributes":[\n{ "type": "string" }]}',
      4,
      /needs "name"/,
    ],
    [
      'a reserved URN',
      '{\n\n"id":"urn:ietf:params:scim:schemas:core:2.0:User",\n"attributes":[{"name":"a"}]}',
      3,
      /There is a schema/,
    ],
    ['an unknown member', '{\r\n"id":"urn:example:x",\r\n"attribute":[]}', 3, /has no "attribute"/],
    ['a name given twice', '{"id":"urn:example:x",\n"name":"a",\n"name":"b"}', 3, /"name" is given twice/],
    ['a missing comma', '{\n"id": "urn:example:x"\n"attributes": []\n}', 3, /no JSON: comma expected/],
    ['a trailing comma', '{\n"id": "urn:example:x",\n}', 3, /no JSON: property name expected/],
    ['a comment', '{\n// a schema\n"id": "urn:example:x"}', 2, /no JSON: invalid comment token/],
    ['no text', '', 1, /no JSON: value expected/],
    ['text behind the document', '{}\n{}', 2, /no JSON: end of file expected/],
    ['nesting past any bound', '['.repeat(100_000), 1, /no JSON/],
    ['deep nesting', `{"id":${'['.repeat(500)}${']'.repeat(500)}}`, 1, /nested too deep/],
  ])('tells the line of %s', async (_, content, line, reason) => {
    const path = file(content);
    const refused = await run('schema add', path);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr.startsWith(`roster: ${path}, line ${line}: `), refused.stderr).toBe(true);
    expect(refused.stderr).toMatch(reason);
    const { json } = await run('schema add --json', path);
    expect(json.error).toMatchObject({ code: 'invalid', message: expect.stringContaining(`line ${line}: `) });
    expect((await run('schema list --json')).json).toEqual([]);
  });

  it('refuses what is no file of text, and 10,000 attributes', async () => {
    expect(await run('schema add', join(roster.dataDir, 'nothing.json'))).toMatchObject({
      code: 3,
      stdout: '',
    });
    expect((await run('schema add', roster.dataDir)).stderr).toMatch(/can't be read: \w+/);
    expect((await run('schema add', file(Buffer.from([0x7b, 0xff])))).stderr).toMatch(/not valid UTF-8/);
    const attributes = Array.from({ length: 10_000 }, (_, index) => ({ name: `a${index}` }));
    const refused = await run('schema add', file({ id: 'urn:example:x', attributes }));
    expect(refused.stderr).toMatch(/line 3: A schema has at most 1000 attributes/);
    expect((await run('schema remove', file({ name: 'x' }))).stderr).toMatch(/has no "id"/);
  });

  it('refuses --required without --extend, unknown types, and what is there already', async () => {
    const path = file(LEASE_DEFINITION);
    expect((await run('schema add --required', path)).code).toBe(2);
    expect((await run('schema add --extend Nothing', path)).code).toBe(3);
    expect((await run('schema add', path)).code).toBe(0);
    expect((await run('schema add', path)).code).toBe(4);
    expect((await run('schema add --extend Group', path)).code).toBe(0);
    expect((await run('schema remove urn:ietf:params:scim:schemas:core:2.0:User')).code).toBe(4);
  });
});

/** The files and the commands of the page, in their order. */
it('does what docs/define-schemas.md says', async () => {
  const page = readFileSync(new URL('../../docs/define-schemas.md', import.meta.url), 'utf8');
  const blocks = page.matchAll(/<!-- (file|example): (\S+) -->\n```\w+\n([\s\S]*?)```/g);
  const files = new Map<string, string>();
  const outputs: string[] = [];
  for (const [, kind, name = '', text = ''] of blocks) {
    if (kind === 'file') files.set(name, file(text, name));
    else
      for (const line of text.trim().split('\n')) {
        const args = line.split(' ').slice(1);
        const ran = await roster.runHere(args.map((argument) => files.get(argument) ?? argument));
        expect([line, ran.code, ran.stderr]).toEqual([line, 0, '']);
        outputs.push(ran.stdout);
      }
  }
  expect(outputs).toHaveLength(8);
  expect((await run('schema list --json')).json).toEqual([]);
});

describe('roster resource-type', () => {
  it('adds, lists and removes, by name or by file', async () => {
    await run('schema add', file(DEVICE_DEFINITION));
    await run('schema add', file(LEASE_DEFINITION));
    const path = file(DEVICE_TYPE_DEFINITION);
    const added = await run('resource-type add --json', path);
    expect(added).toMatchObject({
      code: 0,
      stderr: '',
      json: {
        id: 'Device',
        name: 'Device',
        endpoint: '/Devices',
        description: 'Devices',
        schema: DEVICE,
        schemaExtensions: [{ schema: LEASE, required: false }],
        tenant: 'carbon.super',
      },
    });
    expect((await run('resource-type list --json')).json).toEqual([added.json]);
    expect((await run('resource-type list')).stdout).toMatch(
      /^NAME +ENDPOINT +SCHEMA +EXTENSIONS\nDevice +\/Devices +urn:/,
    );
    const needed = await run('schema remove', DEVICE);
    expect(needed).toMatchObject({ code: 4, stdout: '' });
    expect(needed.stderr).toContain('The resource type Device has the schema');
    expect((await run('resource-type remove --json', path)).json).toEqual({ ...added.json, removed: true });
    expect((await run('resource-type add', path)).stdout).toBe(
      'Added the resource type Device to carbon.super, at http://127.0.0.1:8080/scim/v2/Devices.\n',
    );
    expect((await run('resource-type remove Device')).stdout).toBe(
      'Removed the resource type Device from carbon.super.\n',
    );
    expect((await run('resource-type remove Device')).code).toBe(3);
    expect((await run('resource-type remove User')).code).toBe(4);
  });

  it('tells the line of a schema that is not there', async () => {
    const refused = await run('resource-type add', file(DEVICE_TYPE_DEFINITION));
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/line 8: The tenant has defined no schema urn:\S+ add it before the type/);
    await run('schema add', file(DEVICE_DEFINITION));
    const again = await run('resource-type add', file(DEVICE_TYPE_DEFINITION));
    expect(again.stderr).toMatch(/line 11: The tenant has defined no schema/);
    expect((await run('resource-type list --json')).json).toEqual([]);
  });
});
