/**
 * The limit of POST on PostgreSQL: node:http, JSON.parse, the rows that Roster writes, with three INSERTs in a transaction, over a
 * pool as large as Roster's. It writes into Roster's tables, as another tenant and free of row-level security; it validates
 * nothing, knows no credentials and no routes.
 */
import { Pool, type PoolClient } from 'pg';
import { splitIndexValues } from '../../src/storage/sql/index-columns.ts';
import { CONNECTIONS } from '../../src/storage/sql/postgres.ts';
import type { ResourceWrite } from '../../src/storage/storage.ts';
import { newUser } from './new-user.ts';
import { readOptions, serve } from './peer.ts';

const tenant = 'benchpeeraaa';
const shards = 16;

const { roster } = readOptions();
const pool = new Pool({ connectionString: roster.adminUrl, max: CONNECTIONS });

/** One INSERT of rows, one parameter for each value. */
function insert(client: PoolClient, into: string, rows: readonly (readonly unknown[])[], rest = '') {
  let count = 0;
  const marks = rows.map((row) => `(${row.map(() => `$${++count}`).join(', ')})`).join(', ');
  return client.query(`INSERT INTO ${into} VALUES ${marks} ${rest}`, rows.flat());
}

async function write({ type, store, stored, values }: ResourceWrite): Promise<void> {
  const { id, version, created, lastModified, doc } = stored;
  const { columns, rows } = splitIndexValues(values);
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await insert(
      client,
      `resource (tenant_id, type, id, version, created, last_modified, store, doc, user_name, display_name, external_id,
        family_name, active)`,
      [
        [
          ...[tenant, type, id, version, created, lastModified, store, doc, columns.user_name],
          ...[columns.display_name, columns.external_id, columns.family_name, columns.active],
        ],
      ],
    );
    await insert(
      client,
      'attribute_value (tenant_id, type, path, value, resource_id, element, element_type, element_primary, whole)',
      rows.map((row) => [
        ...[tenant, type, row.path, row.value, id, row.element],
        ...[row.element_type, row.element_primary, row.whole],
      ]),
    );
    await insert(
      client,
      'resource_count (tenant_id, type, shard, total)',
      [[tenant, type, Math.floor(Math.random() * shards), 1]],
      'ON CONFLICT (tenant_id, type, shard) DO UPDATE SET total = resource_count.total + 1',
    );
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

serve((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const { write: resource, answer } = newUser(Buffer.concat(chunks).toString());
    await write(resource);
    response.writeHead(201, {
      'content-type': 'application/scim+json',
      'content-length': Buffer.byteLength(answer),
      location: `http://127.0.0.1:8080/scim/v2/Users/${resource.stored.id}`,
    });
    response.end(answer);
  });
});
