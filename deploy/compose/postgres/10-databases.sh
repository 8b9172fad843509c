#!/bin/bash
# One database and one role per service; a role owns its database and may enter no other.
set -euo pipefail
for service in $TRATO_SERVICES; do
    variable="${service^^}_DATABASE_PASSWORD"
    role="trato_$service"
    psql -v ON_ERROR_STOP=1 -v password="${!variable:?is not set}" -v role="$role" \
        --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
    psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$role" <<'SQL'
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
SQL
done
