#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -eu

usage() {
  cat <<'END'
sh toolchains/bench.sh [--quick]

Sets up and builds what ships, then measures akgate beside what people would use instead: a bare echo server, Redis,
memcached and nginx' proxy_cache, all on Unix sockets under the same load, taking turns in one run; akgate too while
the register hangs, is dead, or is asked about 10,000 records anew; and its start with a full cache. Prints rates,
latencies and ratios beside their targets, and writes them and a plot into build/bench. Takes some six minutes.

  --quick   in a minute: shorter and fewer turns, for a look
END
}

rounds=15 seconds=0.4 refreshes=5 starts=15
case ${1:-} in
  '') ;;
  --quick) rounds=3 seconds=0.1 refreshes=1 starts=5 ;;
  --help) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac

cd "$(dirname "$0")/.."
root=$PWD
bin=$root/build/release/bin
out=$root/build/bench
known=100       # keys that are asked for
many=10000      # records of a mass refresh
server_core=0
client_core=1
PATH=$PATH:/usr/sbin # where nginx is

sh toolchains/setup.sh bench
echo 'bench: building …'
mkdir -p build/logs "$out"
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
{ cmake --preset release && cmake --build --preset release --target \
  akgated akgate akregister akgate_bench_load akgate_bench_echo akgate_bench_start; } >build/logs/bench.log 2>&1 || {
  tail -n 30 build/logs/bench.log >&2
  echo 'bench: the build failed (its end is above).' >&2
  exit 1
}

. tests/bench/stage.sh
. tests/bench/peers.sh

if [ "$(nproc)" = 1 ]; then
  client_core=0
fi
# As the clients and servers of this run, not as this session against others: some kernels weigh sessions first.
{ renice -n -15 -p $$ && if [ -w /proc/$$/autogroup ]; then echo -15 >/proc/$$/autogroup; fi; } >/dev/null 2>&1 ||
  echo "bench: without root what else this machine does will be in the figures."

# pin CORE PROCESS: all its threads.
pin() { taskset -acp "$1" "$2" >/dev/null; }

# load PROTOCOL SOCKET OPTION…: from the clients' core.
load() {
  protocol=$1 socket=$2
  shift 2
  taskset -c "$client_core" "$bin/akgate_bench_load" "$protocol" "$socket" "$stage/keys" "$@"
}

# --- who is asked ---------------------------------------------------------------------------------

# Each line: name, protocol, socket, process.
contestant() {
  echo "$1 $2 $3 $4" >>"$stage/contestants"
  pin "$server_core" "$4"
}

start_akgate() {
  start_register register "$stage/records" --tls-cert "$stage/register.pem" --tls-key "$stage/register.key"
  configure akgate "$url" ''
  start_agent akgate
  learn akgate "$stage/keys"
  contestant akgate gate "$stage/akgate/gate.sock" "$pid"
  contestant akgate-http http "$stage/akgate/http.sock" "$pid"
  key=$(head -n 1 "$stage/keys")
  echo "CHECK $key data-type=HH-CONSUMPTION" | socat -t 2 - "UNIX:$stage/akgate/gate.sock" >"$stage/reply"
  value=$(cat "$stage/reply")
}

# start_silent NAME SIGNAL: an agent whose register is sent that signal once the keys are known.
start_silent() {
  silent=$1
  start_register "$silent-register" "$stage/records" --tls-cert "$stage/register.pem" --tls-key "$stage/register.key"
  register_pid=$pid
  configure "$silent" "$url" ', "freshness": { "fresh-for": "5s" }'
  start_agent "$silent"
  learn "$silent" "$stage/keys"
  kill "-$2" "$register_pid"
  contestant "$silent" gate-grace "$stage/$silent/gate.sock" "$pid"
}

# Until each key is answered under grace, and is so at once.
await_grace() {
  wait_for 60 "grace ($1)" "$bin/akgate_bench_load" gate-grace "$stage/$1/gate.sock" "$stage/keys" \
    connections 8 requests 1600
}

# --- turns ----------------------------------------------------------------------------------------

# turn SHAPE NAME PROTOCOL SOCKET PROCESS: one line of figures.
turn() {
  case $1 in
    1x1) pin "$client_core" "$5" ;; # on the same core
  esac
  figures=$(load "$3" "$4" connections "${1%x*}" depth "${1#*x}" seconds "$seconds" server "$5") ||
    die "the figures are void: $2 did not answer as it should"
  pin "$server_core" "$5"
  echo "$round $1 $2 $figures" >>"$out/turns.txt"
}

take_turns() {
  : >"$out/turns.txt"
  round=1
  while [ "$round" -le "$rounds" ]; do
    echo "bench: round $round of $rounds …"
    for shape in 8x1 50x1 8x16 1x1; do
      while read -r name protocol socket pid; do
        turn "$shape" "$name" "$protocol" "$socket" "$pid"
      done <"$stage/contestants"
    done
    round=$((round + 1))
  done
}

# What akgate's trail of decisions made of it: the peers keep none.
note_trail() {
  echo STATUS | socat -t 2 - "UNIX:$stage/akgate/control.sock" |
    sed 's/.*"allow":\([0-9]*\).*"losses":\([0-9]*\).*/allows=\1 losses=\2/' >"$out/trail.txt"
}

# --- a mass refresh -------------------------------------------------------------------------------

# Asked politely, 5,000 times a second, while nothing else happens, and while the register is asked about all records anew. The
# register, which is not the device's, gets what akgate leaves of its core: on the clients' it would lengthen their times.
mass_refresh() {
  make_records "$many" "$stage/many"
  make_keys "$many" >"$stage/many-keys"
  start_register many-register "$stage/many" --tls-cert "$stage/register.pem" --tls-key "$stage/register.key"
  pin "$server_core" "$pid"
  renice -n 19 -p "$pid" >/dev/null
  configure many "$url" ''
  start_agent many
  pin "$server_core" "$pid"
  agent=$pid
  learn many "$stage/many-keys"
  for round in $(seq "$refreshes"); do
    refresh_quietly
    refresh_all
  done
}

politely() { load gate "$stage/many/gate.sock" connections 8 every 200 seconds "$1" server "$agent"; }

refresh_quietly() { echo "$round polite quiet $(politely 2)" >>"$out/turns.txt"; }

refresh_all() {
  began=$(date +%s%N)
  sed 's/^/REFRESH /' "$stage/many-keys" | socat -t 60 - "UNIX:$stage/many/control.sock" >"$stage/refreshed" &
  refreshing=$!
  sleep 0.2
  figures=$(politely 2) || die 'the figures are void: a cached answer failed during the mass refresh'
  wait "$refreshing" || die 'the mass refresh failed'
  took=$((($(date +%s%N) - began) / 1000000))
  [ "$(grep -c '^OK' "$stage/refreshed")" = "$many" ] || die "the mass refresh failed: $(grep -v '^OK' "$stage/refreshed" | head -n 3)"
  echo "$round polite refreshing $figures took=$took" >>"$out/turns.txt"
}

# What the figures depend on.
heading() {
  echo "akgate beside others on Unix sockets: medians of $rounds rounds of $seconds s, $(date -u +%Y-%m-%d)"
  echo "$(nproc) cores of $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), Linux $(uname -r), load $(cut -d' ' -f1 /proc/loadavg) at the end;"
  echo "servers on core $server_core, clients on core $client_core; replies of ${#value} bytes; latencies, and what processor time"
  echo "server (all its threads) and client take for an answer, in µs"
  echo "$(redis-server --version | cut -d' ' -f1-3), $(memcached --version), $(nginx -v 2>&1 | cut -d' ' -f3)"
}

# --- all of it ------------------------------------------------------------------------------------

make_certificates
make_keys "$known" >"$stage/keys"
make_records "$known" "$stage/records"
start_akgate
start_silent hanging STOP
start_silent dead KILL
start_echo && contestant echo echo "$stage/echo.sock" "$pid"
start_redis && contestant redis redis "$stage/redis.sock" "$pid"
start_memcached && contestant memcached memcached "$stage/memcached.sock" "$pid"
start_nginx && contestant nginx nginx "$stage/nginx.sock" "$pid"
await_grace hanging
await_grace dead
take_turns
note_trail
echo 'bench: mass refresh …'
mass_refresh
echo 'bench: starts …'
"$bin/akgate_bench_start" 100000 "$starts" >"$out/start.txt" || die 'akgated did not start as it should'
heading >"$out/heading.txt"
python3 -B tests/bench/report.py "$out"
