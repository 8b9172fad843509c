#!/usr/bin/env bash
# Shows that docker-compose.yml really runs: up, an answer through the gateway, a service killed and restarted,
# narrow rights at the broker, data that survives `down`. Not part of ./trato test, because it needs a Docker engine
# and the base images. It works in a clone of its own and removes what it made.
#   usage: tests/chaos/compose_smoke.sh          (needs docker, docker-compose or `docker compose`, curl, git; root)
set -euo pipefail
root=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
folder=$(mktemp -d)
export COMPOSE_PROJECT_NAME="trato-smoke-$$" DOCKER_BUILDKIT="${DOCKER_BUILDKIT:-0}" COMPOSE_DOCKER_CLI_BUILD=0
export TRATO_PORT="${TRATO_PORT:-18080}" PROMETHEUS_PORT="${PROMETHEUS_PORT:-19090}"
if command -v docker-compose >/dev/null; then compose() { docker-compose "$@"; }; else compose() { docker compose "$@"; }; fi
address="http://127.0.0.1:$TRATO_PORT"

say() { printf '%6.1f s  %s\n' "$(bc -l <<<"$(date +%s.%N) - $began")" "$*"; }
fail() { say "FAILED: $*"; compose ps || true; compose logs --tail=30 2>&1 | cut -c1-300 || true; exit 1; }
clean() { cd "$folder/clone" && compose down -v --remove-orphans >/dev/null 2>&1 || true; rm -rf "$folder"; }
until_ok() { # until_ok SECONDS WHAT COMMAND…: repeats the command until it succeeds
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do [ "$SECONDS" -lt "$end" ] || fail "$what"; sleep 0.5; done
    say "$what"
}
container() { compose ps -q "$1"; }
health() { docker inspect -f '{{.State.Health.Status}}' "$(container "$1")"; }
healthy() { [ "$(health "$1")" = healthy ]; }
status() { curl -s -o "$folder/answer" -w '%{http_code}' -H "Authorization: Bearer ${token:-}" -H 'Content-Type: application/json' "$@" || true; }
field() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$folder/answer" "$1"; }
answers() { local wanted=$1; shift; [ "$(status "$@")" = "$wanted" ]; }

began=$(date +%s.%N)
trap clean EXIT
git clone -q "$root" "$folder/clone"
cd "$folder/clone"
if compose config -q 2>/dev/null; then fail "compose accepts missing secrets"; fi
say "without secrets compose refuses to start"
./trato compose-env >/dev/null
compose build -q >/dev/null
say "images built"
compose up -d >/dev/null 2>&1 || fail "up"
for name in administration cases contacts notifications sales gateway; do until_ok 120 "$name is healthy" healthy "$name"; done

answers 200 "$address/readyz" || fail "/readyz"
answers 200 "$address/v1/openapi.json" || fail "/v1/openapi.json"
answers 401 "$address/v1/people" || fail "a caller without a token is let in"
say "the gateway answers, and refuses a caller without a token"

password="$(head -c 18 /dev/urandom | base64 | tr -d '/+=')-9x"
printf '%s\n' "$password" | compose run --rm -T first-administrator chief >"$folder/said" 2>&1 || { cat "$folder/said"; fail "first administrator"; }
if printf '%s\n' "$password" | compose run --rm -T first-administrator second >/dev/null 2>&1; then fail "a second first administrator"; fi
answers 201 "$address/v1/session" -d "{\"username\": \"chief\", \"password\": \"$password\"}" || { cat "$folder/answer"; fail "sign in"; }
token=$(field access_token)
answers 201 "$address/v1/people" -d '{"first_name": "Lucía", "last_name": "Compose", "emails": [{"address": "lucia@compose.example", "kind": "work"}]}' ||
    { cat "$folder/answer"; fail "create a person"; }
person=$(field id)
answers 200 "$address/v1/people/$person" || fail "read the person"
say "signed in, a person created and read"

# From the host, because `docker kill` counts as a wish and switches the restart policy off.
before=$(docker inspect -f '{{.State.Pid}} {{.RestartCount}}' "$(container contacts)")
kill -9 "${before% *}"
until_ok 20 "contacts killed: its resources answer 503" answers 503 "$address/v1/people/$person"
answers 200 "$address/v1/session" || fail "administration stopped answering"
until_ok 60 "contacts came back by itself and answers" answers 200 "$address/v1/people/$person"
[ "$(docker inspect -f '{{.RestartCount}}' "$(container contacts)")" -gt "${before#* }" ] || fail "no restart was counted"
until_ok 60 "contacts is healthy again" healthy contacts

broker() { compose exec -T rabbitmq rabbitmqctl -q "$@"; }
if ! broker list_user_permissions contacts | grep -q 'rpc-contacts'; then fail "permissions of the user contacts"; fi
if broker list_user_permissions contacts | grep -q 'rpc-administration'; then fail "contacts may enter another queue"; fi
say "the broker's users have narrow rights"
for name in contacts gateway; do
    id=$(container "$name")
    docker exec "$id" sh -c 'touch /srv/x' 2>/dev/null && fail "$name writes to its root"
    [ "$(docker exec "$id" id -u)" != 0 ] || fail "$name runs as root"
    docker exec "$id" sh -c 'ls /srv/trato/services/administration' >/dev/null 2>&1 && fail "$name holds another component"
done
say "the containers are read-only, run as nobody and hold one component each"
until_ok 60 "Prometheus reads every target" sh -c \
    "curl -s 'http://127.0.0.1:$PROMETHEUS_PORT/api/v1/query?query=count(up==1)' | grep -q '\"8\"'"

compose down >/dev/null 2>&1 || fail "down"
[ -z "$(docker ps -q --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME")" ] || fail "containers remain after down"
say "down: nothing runs any more"
compose up -d >/dev/null 2>&1 || fail "second up"
until_ok 120 "up again: the person is still there" answers 200 "$address/v1/people/$person"
say "PASSED"
