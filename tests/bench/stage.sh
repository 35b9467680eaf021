# SPDX-License-Identifier: Apache-2.0
#
# For scripts that measure the real programs: a folder of their own, a sandbox register that has so many records, agents
# that ask it. To be sourced, with `bin` set to where the programs are; everything is ended and removed on exit.

stage=$(mktemp -d)
started=

leave() {
  # A stopped process heeds no other signal.
  for pid in $started; do kill -KILL "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$stage"
}
trap leave EXIT
trap 'exit 130' INT TERM HUP

die() {
  echo "$(basename "$0" .sh): $*" >&2
  exit 1
}

# wait_for SECONDS WHAT COMMAND…: until the command succeeds.
wait_for() {
  tries=$(($1 * 20)) event=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || die "$event did not happen; see: $(tail -n 5 "$stage"/*.log 2>/dev/null)"
    sleep 0.05
  done
}

# start NAME COMMAND…: in the background, with its output in NAME.log; `pid` is its process.
start() {
  log=$stage/$1.log
  shift
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  started="$started $pid"
}

make_certificates() {
  (
    cd "$stage"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=bench CA' \
      -keyout ca.key -out ca.pem
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' \
      -keyout register.key -out register.csr
    printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n' >extensions
    openssl x509 -req -in register.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions \
      -out register.pem
  ) >"$stage/openssl.log" 2>&1 || die "openssl made no certificates: $(tail -n 3 "$stage/openssl.log")"
}

# make_keys COUNT: as many access keys, a line each.
make_keys() { awk -v count="$1" 'BEGIN { for (i = 0; i < count; ++i) printf "ak_%024x\n", i }'; }

# A record as the sandbox register keeps it in a file.
record_file() {
  cat <<'JSON'
{"ak": "@KEY@", "duid": "duid_b1b1b1b1b1b1b1b1b1b1b1b1", "mpxn": "1234567890123", "number": @NUMBER@,
 "access-record": {
   "record-metadata": {"schema-version": "1.0", "pk": "@KEY@",
     "controller-arrangement": {"arrangement-type": "sole", "controllers": [{
       "name": "Bright Energy Ltd", "role": "sole", "contact-url": "https://bright-energy.example/contact",
       "address": {"addressLine1": "10 Canary Wharf", "townCity": "London", "postcode": "E14 5AB"},
       "privacy-rights-url": "https://bright-energy.example/your-rights"}]},
     "identity-record-ref": "ir_a3c5e7f9b1d3a3c5e7f9b1d3"},
   "notice": null,
   "processing": {"legal-basis": "uk-contract", "purpose": "Billing", "data-types": ["HH-CONSUMPTION"]},
   "access-event": {"state": "ACTIVE", "registered-at": "2024-01-15T09:30:00Z", "expiry": null,
     "controller-reference": "REF-00123", "consent": null}}}
JSON
}

# make_records COUNT FOLDER: puts ACTIVE records under these keys where a register will find them with --data FOLDER.
make_records() {
  mkdir -p "$2/access-records"
  make_keys "$1" | awk -v folder="$2/access-records" -v text="$(record_file | tr -d '\n')" '{
    record = text
    gsub(/@KEY@/, $1, record)
    sub(/@NUMBER@/, NR, record)
    file = folder "/" $1 ".json"
    print record >file
    close(file)
  }'
}

# start_register NAME FOLDER [OPTION…]: `pid` is its process, `url` where it is.
start_register() {
  register=$1 records=$2
  shift 2
  start "$register" "$bin/akregister" --listen localhost:0 --data "$records" --seed-demo "$@"
  wait_for 60 'the start of the sandbox register' grep -q '^listening on' "$stage/$register.log"
  url=$(sed -n 's/^listening on //p' "$stage/$register.log" | sed 's/127\.0\.0\.1/localhost/')
}

# configure NAME URL MORE: an agent's configuration; MORE are further members for it, each with a comma before it. It has
# patience with the register, as under callgrind or beside much else both are slow.
configure() {
  mkdir -p "$stage/$1"
  cat >"$stage/$1/akgated.json" <<JSON
{ "register": { "url": "$2", "ca-file": "$stage/ca.pem", "max-requests-per-second": 2000,
                "connect-timeout": "30s", "timeout": "60s" },
  "cache": { "directory": "$stage/$1/cache", "device-key-file": "$stage/$1/cache/device.key" },
  "audit": { "directory": "$stage/$1/audit" },
  "gate": { "socket": "$stage/$1/gate.sock", "check-timeout": "60s" },
  "control": { "socket": "$stage/$1/control.sock" },
  "http": { "listen": "unix:$stage/$1/http.sock" }$3 }
JSON
}

# await_agent NAME: until it answers.
await_agent() {
  wait_for 60 "the start of akgated ($1)" sh -c "echo PING | socat - 'UNIX:$stage/$1/gate.sock' | grep -q PONG"
}

# start_agent NAME: as configured; `pid` is its process.
start_agent() {
  start "$1" "$bin/akgated" --config "$stage/$1/akgated.json"
  await_agent "$1"
}

# learn NAME KEYS-FILE: the agent gets to know these keys.
learn() {
  "$bin/akgate_bench_load" learn "$stage/$1/gate.sock" "$2" connections 8 requests "$(($(wc -l <"$2") * 2))" \
    >"$stage/learn.log" 2>&1 || die "akgated ($1) did not learn the keys: $(cat "$stage/learn.log")"
}
