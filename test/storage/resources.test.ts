import { hasPostgres } from '../support/postgres.ts';
import { temporaryPostgres, temporarySqlite } from '../support/server.ts';
import { describeMemberNames } from './member-name-contract.ts';
import { describeResources } from './resource-contract.ts';

describeResources('SQLite', temporarySqlite);
describeMemberNames('SQLite', temporarySqlite);
if (hasPostgres) {
  describeResources('PostgreSQL', temporaryPostgres);
  describeMemberNames('PostgreSQL', temporaryPostgres);
}
