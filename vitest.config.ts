import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { findChromium } from './test/console/support/chromium.ts';
import { findPrograms } from './test/support/postgres-programs.ts';

/** Tests that say nothing of a database, and so hold on both. */
const ON_BOTH = [
  'test/http/**/*.test.ts',
  'test/service/**/*.test.ts',
  'test/conformance/**/*.test.ts',
  'test/idp/**/*.test.ts',
  'test/storage/{credential-grants,directory,filter-sql,integrity,query-plans,records,request-log,resources,tenant-type-filters}.test.ts',
];

/** Tests among them that open no database. */
const ON_NONE = [
  'test/conformance/document.test.ts',
  'test/http/address-buckets.test.ts',
  'test/idp/pages.test.ts',
  'test/service/{certificates,health,passwords,secrets,sign-in-devices}.test.ts',
];

const ON_POSTGRES_ONLY = ['test/**/postgres*.test.ts'];

const hasPostgres = process.env.ROSTER_TEST_POSTGRES_URL !== undefined || findPrograms() !== undefined;

const postgres = {
  extends: true as const,
  test: {
    name: 'postgres',
    include: [...ON_BOTH, ...ON_POSTGRES_ONLY],
    exclude: ON_NONE,
    env: { ROSTER_TEST_DATABASE: 'postgres' },
  },
};

/** Only where ROSTER_TEST_CITUS_URL names the coordinator of a cluster. */
const citus = {
  extends: true as const,
  test: {
    name: 'citus',
    include: ON_BOTH,
    // a plan there is one of another server, and looks otherwise
    exclude: [...ON_NONE, ...ON_POSTGRES_ONLY, 'test/storage/query-plans.test.ts'],
    env: { ROSTER_TEST_DATABASE: 'citus' },
    // a server that refers most of its work to others takes longer
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
};

const CONSOLE = 'test/console/**/*.test.ts';

/** Tests of the console as it is built; the journeys through it need a browser. */
const consoleTests = {
  extends: true as const,
  test: {
    name: 'console',
    include: [CONSOLE],
    exclude: findChromium() === undefined ? ['test/console/journeys/**'] : [],
    globalSetup: 'test/console/support/build.ts',
    // a browser, its pages and a server on processors that other tests use too
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
};

// `npm test -- --project sqlite` runs the tests on SQLite, and those without a database, alone.
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['test/**/*.test.ts', 'console/test/*.test.ts'],
          exclude: [CONSOLE, ...(hasPostgres ? ON_POSTGRES_ONLY : [])],
          env: { ROSTER_TEST_DATABASE: 'sqlite' },
        },
      },
      consoleTests,
      ...(hasPostgres ? [postgres] : []),
      ...(process.env.ROSTER_TEST_CITUS_URL === undefined ? [] : [citus]),
    ],
    globalSetup: [
      'test/support/postgres-cluster.ts',
      'test/support/citus-template.ts',
      'test/console/support/chromium.ts',
    ],
    // A process per file: a native SQLite handle or a server left open in one file can't reach another.
    pool: 'forks',
    // the process that coordinates them has little to do
    maxWorkers: availableParallelism(),
    // against tests that hang: the longest take some seconds where nobody else needs the processors
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
  },
});
