#!/bin/sh
# Runs once, when the primary has made its empty cluster: the users and the database of Roster, and what a standby needs.
set -eu
: "${SECRETS:=/run/secrets}"

psql --no-psqlrc -v ON_ERROR_STOP=1 -v secrets="$SECRETS" --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\set roster_password `cat "$SECRETS/roster-password"`
\set replication_password `cat "$SECRETS/replication-password"`
SET password_encryption = 'scram-sha-256';
CREATE ROLE roster LOGIN PASSWORD :'roster_password';
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'replication_password';
CREATE DATABASE roster OWNER roster ENCODING 'UTF8' TEMPLATE template0;
SELECT pg_create_physical_replication_slot('standby');
SQL

# "all" of the lines before does not mean replication
printf 'host replication replicator samenet scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
