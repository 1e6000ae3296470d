#!/bin/sh
# A standby of PRIMARY_HOST: copies it when there is no data yet, then follows it, until it is promoted.
set -eu
: "${PGDATA:?}" "${PRIMARY_HOST:?}" "${PRIMARY_PORT:=5432}" "${SECRETS:=/run/secrets}"

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  PGPASSWORD="$(cat "$SECRETS/replication-password")"
  export PGPASSWORD
  # a copy that was cut off leaves nothing that looks like a whole one
  copy="$PGDATA.part"
  rm -rf "$copy"
  until pg_basebackup --pgdata="$copy" --slot=standby --wal-method=stream --checkpoint=fast --write-recovery-conf \
    --dbname="host=$PRIMARY_HOST port=$PRIMARY_PORT user=replicator application_name=standby"; do
    rm -rf "$copy"
    sleep 2
  done
  mv "$copy" "$PGDATA"
fi
exec postgres "$@"
