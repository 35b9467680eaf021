#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Shows akgate at work: sets up and builds what is needed, then plays the whole story against the sandbox register, over TLS,
# in a directory of its own that is gone afterwards. Exits 0 only if every verdict was the expected one.
#
#   sh toolchains/demo.sh
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
cd "$root"

die() {
  echo "demo: $*" >&2
  exit 1
}

# --- set-up and build -----------------------------------------------------------------------------

sh toolchains/setup.sh demo
echo 'demo: building akgated, akgate and akregister …'
start=$(date +%s)
log=$(mktemp)
{ cmake --preset release -DAKGATE_TESTS=OFF -B build/demo && cmake --build build/demo --target akgated akgate akregister; } >"$log" 2>&1 || {
  tail -n 30 "$log" >&2
  die 'the build failed (its end is above); on a slip of this machine, remove build/ and try again.'
}
rm -f "$log"
echo "demo: built in $(($(date +%s) - start)) s"
bin=$root/build/demo/bin

# --- the stage ------------------------------------------------------------------------------------

stage=$(mktemp -d)
register_pid=
agent_pid=
failures=0

clean_up() {
  for pid in $register_pid $agent_pid; do kill -9 "$pid" 2>/dev/null || true; done
  rm -rf "$stage"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

chapter() { printf '\n\033[1m%s\033[0m\n' "$*" | if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9]*m//g'; fi; }
note() { echo "    $*"; }

# wait_for SECONDS WHAT COMMAND…: until the command succeeds.
wait_for() {
  tries=$(($1 * 20)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || die "$what did not happen; see: $(tail -n 3 "$stage"/*.log 2>/dev/null)"
    sleep 0.05
  done
}

make_certificates() {
  cd "$stage"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=akgate demo CA' \
    -keyout ca.key -out ca.pem 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' \
    -keyout register.key -out register.csr 2>/dev/null
  printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n' >extensions
  openssl x509 -req -in register.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions \
    -out register.pem 2>/dev/null
  cd "$root"
}

start_register() {
  "$bin/akregister" --listen localhost:0 --data "$stage/register" --seed-demo \
    --tls-cert "$stage/register.pem" --tls-key "$stage/register.key" >"$stage/register.log" 2>&1 &
  register_pid=$!
  wait_for 5 'the start of the sandbox register' grep -q '^listening on' "$stage/register.log"
  url=$(sed -n 's/^listening on //p' "$stage/register.log" | sed 's/127\.0\.0\.1/localhost/')
}

start_agent() {
  "$bin/akgated" --config "$stage/akgated.json" 2>>"$stage/agent.log" &
  agent_pid=$!
  wait_for 5 'the start of akgated' sh -c "echo PING | socat - 'UNIX:$stage/gate.sock' | grep -q PONG"
}

# --- the register's own API, as a Data User calls it ----------------------------------------------------------------------

# api CREDENTIALS METHOD PATH [BODY]: credentials are kept out of the process list.
api() {
  credentials=$1 method=$2 path=$3 body=${4-}
  bearer=$(printf 'user = "%s"\n' "$credentials" | curl -sS --fail --cacert "$stage/ca.pem" -K - "$url/auth/token" |
    sed -n 's/.*"bearer-token" *: *"\([^"]*\)".*/\1/p')
  [ -n "$bearer" ] || die 'the sandbox register gave no token.'
  printf 'header = "Authorization: Bearer %s"\n' "$bearer" | curl -sS --fail-with-body --cacert "$stage/ca.pem" -K - \
    -X "$method" -H 'Content-Type: application/json' ${body:+--data "$body"} "$url$path"
}

# record EXPIRY: an access record as it is registered, on the basis of consent.
record() {
  cat <<JSON
{"record-metadata": {"schema-version": "1.0",
   "controller-arrangement": {"arrangement-type": "sole", "controllers": [{
     "name": "Bright Energy Ltd", "role": "sole", "contact-url": "https://bright-energy.example/contact",
     "address": {"addressLine1": "10 Canary Wharf", "townCity": "London", "postcode": "E14 5AB"},
     "privacy-rights-url": "https://bright-energy.example/your-rights"}]},
   "identity-record-ref": "ir_a3c5e7f9b1d3a3c5e7f9b1d3"},
 "notice": {"shared-notice": {"terms-url": "https://bright-energy.example/privacy", "notice-version": "v3.2"}},
 "processing": {"legal-basis": "uk-consent", "purpose": "Tariff recommendations", "data-types": ["HH-CONSUMPTION"]},
 "access-event": {"state": "ACTIVE", "registered-at": "2024-01-15T09:30:00Z", "expiry": "$1",
   "controller-reference": "REF-00123", "consent": {"consent-type": "expressed-consent", "method": "Web form"}}}
JSON
}

# register_record EXPIRY: registers one and prints its access key.
register_record() {
  api bright-energy:bright-energy-demo-key POST /access-records "$(record "$1")" |
    grep -o 'ak_[0-9a-f]\{24\}' | tail -n 1
}

revoke() { api bright-energy:bright-energy-demo-key DELETE "/access-records/$1?reason=customer-request" >/dev/null; }

# --- questions --------------------------------------------------------------------------------------------------------------

# expect 'ALLOW|DENY reason=R [source=S]' AK DATA-TYPE [NAME=VALUE]: asks on the socket, shows the reply, and compares.
expect() {
  question="CHECK $2 data-type=$3${4:+ $4}"
  echo "  > $question"
  got=$(echo "$question" | socat -t 5 - "UNIX:$stage/gate.sock" 2>&1 || true)
  note "$got"
  case "$got" in
    "$1 "*) ;;
    *)
      note "^^^ expected: $1"
      failures=$((failures + 1))
      ;;
  esac
}

# time_cached AK: many questions on one connection, and what one of them took.
time_cached() {
  questions=20000
  yes "CHECK $1 data-type=HH-CONSUMPTION" 2>/dev/null | head -n $questions >"$stage/questions"
  began=$(date +%s%N)
  answered=$(socat -t 30 - "UNIX:$stage/gate.sock" <"$stage/questions" | grep -c '^ALLOW reason=active source=cache')
  took=$(($(date +%s%N) - began))
  note "the same question $questions times on one connection: $((took / 1000000)) ms, that is" \
    "$((took / questions)) ns each ($answered answered from the cache)"
  [ "$answered" -eq $questions ] || failures=$((failures + 1))
}

# --- the story --------------------------------------------------------------------------------------------------------------

chapter 'A sandbox register with TLS, under a CA made for the occasion; records registered through its own API'
make_certificates
start_register
note "the register: $url"
allowed=$(register_record 2099-12-31T23:59:59Z)
withdrawn=$(register_record 2099-12-31T23:59:59Z)
revoked=$(register_record 2099-12-31T23:59:59Z)
revoke "$revoked"
expired=$(register_record 2025-01-01T00:00:00Z)
discovered=$(api dcc:dcc-demo-key POST /discovered-access '{"mpxn": "1234567890123", "organisation-name": "Acme Energy",
  "organisation-reference": "org_acme", "first-seen": "2024-06-01", "data-types-observed": ["HH-CONSUMPTION"],
  "source-reference": "DCC-2026-001"}' | grep -o 'ak_[0-9a-f]\{24\}' | tail -n 1)
note 'registered: one to allow, one to withdraw later, one revoked, one expired; the DCC reported one (discovered)'

cat >"$stage/akgated.json" <<JSON
{
  "register": { "url": "$url", "ca-file": "$stage/ca.pem" },
  "cache": { "directory": "$stage/cache", "device-key-file": "$stage/cache/device.key" },
  "freshness": { "fresh-for": "2s", "grace": "24h" },   // so short for the demo only
  "audit": { "directory": "$stage/audit" },
  "gate": { "socket": "$stage/gate.sock" },
  "control": { "socket": "$stage/control.sock" }
}
JSON
start_agent
note "akgated answers on $stage/gate.sock, process $agent_pid"

chapter 'An allowance: asked of the register, then from the cache'
expect 'ALLOW reason=active source=register' "$allowed" HH-CONSUMPTION
expect 'ALLOW reason=active source=cache' "$allowed" HH-CONSUMPTION
time_cached "$allowed"

chapter 'The same question on the command line'
echo "  \$ akgate check $allowed --data-type HH-CONSUMPTION --socket …"
"$bin/akgate" check "$allowed" --data-type HH-CONSUMPTION --socket "$stage/gate.sock" | sed 's/^/    /' >"$stage/cli"
cat "$stage/cli"
grep -q '^ *ALLOW' "$stage/cli" || failures=$((failures + 1))

chapter 'Denials, one of each kind'
expect 'DENY reason=revoked' "$revoked" HH-CONSUMPTION
expect 'DENY reason=expired' "$expired" HH-CONSUMPTION
expect 'DENY reason=discovered' "$discovered" HH-CONSUMPTION
expect 'DENY reason=data-type-not-covered' "$allowed" TARIFF-IMPORT
expect 'DENY reason=not-found' ak_000000000000000000000000 HH-CONSUMPTION
expect 'DENY reason=malformed-key' ak_not-a-key HH-CONSUMPTION

chapter 'Whose meter? A key proves nothing about a meter point until the operator has said so'
expect 'DENY reason=mpxn-unverified' "$allowed" HH-CONSUMPTION mpxn=1234567890123
echo "  \$ akgate bind $allowed 1234567890123 --control-socket …"
"$bin/akgate" bind "$allowed" 1234567890123 --control-socket "$stage/control.sock" >"$stage/cli" || failures=$((failures + 1))
sed 's/^/    /' "$stage/cli"
expect 'ALLOW reason=active' "$allowed" HH-CONSUMPTION mpxn=1234567890123
expect 'DENY reason=mpxn-mismatch' "$allowed" HH-CONSUMPTION mpxn=2000012345678

chapter 'A customer withdraws consent: within fresh-for (2 s here) the agent has heard of it'
expect 'ALLOW reason=active' "$withdrawn" HH-CONSUMPTION
revoke "$withdrawn"
note 'withdrawn at the register … 2 s later:'
sleep 2
expect 'DENY reason=revoked' "$withdrawn" HH-CONSUMPTION

chapter 'The operator blocks a key: above all else, until it is unblocked'
echo "  \$ akgate block $allowed --control-socket …"
"$bin/akgate" block "$allowed" --control-socket "$stage/control.sock" >"$stage/cli" || failures=$((failures + 1))
sed 's/^/    /' "$stage/cli"
expect 'DENY reason=blocked' "$allowed" HH-CONSUMPTION
"$bin/akgate" unblock "$allowed" --control-socket "$stage/control.sock" >/dev/null || failures=$((failures + 1))
expect 'ALLOW reason=active' "$allowed" HH-CONSUMPTION

chapter 'The register is killed: grace'
kill -9 "$register_pid"
wait "$register_pid" 2>/dev/null || true
register_pid=
sleep 2
expect 'ALLOW reason=active source=grace' "$allowed" HH-CONSUMPTION
expect 'DENY reason=revoked' "$withdrawn" HH-CONSUMPTION
expect 'DENY reason=register-unreachable' ak_111111111111111111111111 HH-CONSUMPTION

chapter 'akgated is killed with -9 and started again; the register is still gone'
kill -9 "$agent_pid"
wait "$agent_pid" 2>/dev/null || true
start_agent
note "akgated answers again, process $agent_pid"
expect 'ALLOW reason=active source=grace' "$allowed" HH-CONSUMPTION
expect 'DENY reason=revoked' "$withdrawn" HH-CONSUMPTION
expect 'DENY reason=data-type-not-covered' "$allowed" TARIFF-IMPORT

chapter 'SIGTERM ends it, and leaves no socket'
kill -TERM "$agent_pid"
wait "$agent_pid" 2>/dev/null || failures=$((failures + 1))
agent_pid=
if [ -e "$stage/gate.sock" ]; then
  note 'the socket is still there'
  failures=$((failures + 1))
else
  note 'gone'
fi

chapter 'The verdicts are in the audit trail, whose chain is whole (a kill -9 costs those of the last audit.sync, 5 s, at most)'
echo '  $ akgate audit verify --config …'
"$bin/akgate" audit verify --config "$stage/akgated.json" >"$stage/cli" || failures=$((failures + 1))
sed 's/^/    /' "$stage/cli"
echo '  $ akgate audit show --config … | tail -n 3'
"$bin/akgate" audit show --config "$stage/akgated.json" | tail -n 3 | sed 's/^/    /'

echo
[ "$failures" -eq 0 ] || die "$failures of the verdicts above were not the expected ones."
cat <<'TXT'
Every verdict was the expected one. Where to go next:
  README.md                          what akgate is, its parts, and the first questions of your own
  build/demo/bin/akgated --help      the agent          agent/config/akgated.json.example   its configuration
  build/demo/bin/akregister --help   the sandbox register, to develop against
  sh toolchains/test.sh              all tests
TXT
