#!/bin/bash
# First start: a database and a role for every service. A role reaches no other database.
set -euo pipefail
for service in activities promises notifications; do
  psql -v ON_ERROR_STOP=1 --no-psqlrc -q -U postgres -d postgres -v name="$service" -v password="$(cat "/run/secrets/postgres/$service")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
SQL
done
