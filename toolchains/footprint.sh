#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -eu

usage() {
  cat <<'END'
sh toolchains/footprint.sh [--sizes | --quick]

What akgate takes of a device, in tables: the stripped akgated by part, for every processor it was built for
(toolchains/cross.sh builds for others); its memory at each step, with one root certificate and with this system's;
its files; how often it wakes while nobody asks; and beside it the build on the distribution's libraries, Redis and nginx
(proxy_cache) that hold as many records. Memory takes root, since akgated closes its own to others. Some ten minutes.

  --sizes   only the programs' sizes, in seconds
  --quick   with 1,000 records instead of 100,000, and 10 s of idleness instead of 60
END
}

many=100000 idle=60 memory=true
case ${1:-} in
  '') ;;
  --sizes) memory=false ;;
  --quick) many=1000 idle=10 ;;
  --help) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac

cd "$(dirname "$0")/.."
root=$PWD
bin=$root/build/release/bin
PATH=$PATH:/usr/sbin # where nginx is

. tests/bench/stage.sh
. tests/bench/peers.sh

# --- programs -------------------------------------------------------------------------------------

# symbols FILE: name and size of each function and object that takes room in the file, once for each address.
symbols() {
  { readelf -SW "$1" | sed 's/\[ */[/'; readelf -sW "$1"; } | awk '
    $1 ~ /^\[[0-9]+\]$/ && $3 == "NOBITS" { empty[substr($1, 2, length($1) - 2)] = 1 }
    ($4 == "FUNC" || $4 == "OBJECT") && $7 ~ /^[0-9]+$/ && !($7 in empty) && !seen[$2]++ && $3 > 0 { print $8, $3 }'
}

# owners MULTIARCH: name and part of all that the libraries define.
owners() {
  cxx=g++
  if [ "$1" != "$here" ]; then cxx=$1-g++; fi
  standard="$("$cxx" -print-file-name=libstdc++.a) $("$cxx" -print-libgcc-file-name) $("$cxx" -print-file-name=libgcc_eh.a)"
  deps=build/deps/$1/lib
  for library in curl:$deps/libcurl.a mbedtls:$deps/libmbedtls.a mbedtls:$deps/libmbedx509.a mbedtls:$deps/libmbedcrypto.a \
    lmdb:$deps/liblmdb.a cjson:$deps/libcjson.a $(printf 'stdc++:%s ' $standard); do
    readelf -sW "${library#*:}" 2>/dev/null | awk -v part="${library%%:*}" '
      ($4 == "FUNC" || $4 == "OBJECT") && $7 != "UND" { sub(/\..*/, "", $8); print $8, part }'
  done
}

# What the linker knows by name goes to whom it belongs; clones that the optimizer made (name.constprop.0) too. The rest of the
# file is text constants and tables without a name, which nobody can be charged with, and what makes it a program
# (relocations, names of functions of the C library, heads, padding).
by_part() {
  owners "$2" >"$stage/owners"
  symbols "$1" >"$stage/symbols"
  strip=strip
  if [ "$2" != "$here" ]; then strip=$2-strip; fi
  "$strip" -o "$stage/stripped" "$1"
  constants=$(readelf -SW "$stage/stripped" | sed -n 's/^.* \.rodata *[A-Z]* *[0-9a-f]* [0-9a-f]* \([0-9a-f]*\) .*/\1/p')
  awk -v total="$(wc -c <"$stage/stripped")" '
    FNR == NR { if (!($1 in part)) part[$1] = $2; next }
    { name = $1; sub(/\..*/, "", name)
      p = name ~ /akgate/ || !(name in part) ? "own" : part[name]
      size[p] += $2; named += $2 }
    END { printf "%9d %9d %9d %9d %9d %9d %9d %9d\n", total, size["own"], size["mbedtls"], size["curl"], size["lmdb"],
          size["cjson"], size["stdc++"], total - named }' "$stage/owners" "$stage/symbols"
}

print_sizes() {
  echo 'akgated, stripped, in bytes. Unnamed: text constants and what makes it a program.'
  printf '%-8s %9s %9s %9s %9s %9s %9s %9s %9s\n' build all own 'Mbed TLS' curl LMDB cJSON libstdc++ unnamed
  for build in release armhf arm64 mipsel system; do
    [ -x "build/$build/bin/akgated" ] || continue
    case $build in
      release | system) multiarch=$here ;;
      *) multiarch=$(dpkg-architecture -a"$build" -qDEB_HOST_MULTIARCH 2>/dev/null) ;;
    esac
    printf '%-8s %s\n' "$build" "$(by_part "build/$build/bin/akgated" "$multiarch")"
  done
  [ ! -x build/system/bin/akgated ] ||
    echo "system needs $(ldd build/system/bin/akgated | grep -c '=> /') shared libraries of" \
      "$(ldd build/system/bin/akgated | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | xargs cat | wc -c) bytes besides"
}

# --- memory ---------------------------------------------------------------------------------------

# memory WHAT PROCESS…: the sum of theirs, in KB; what several of them share is counted once.
memory() {
  what=$1
  shift
  for each in "$@"; do cat "/proc/$each/smaps_rollup"; done | awk -v what="$what" '
    { sum[$1] += $2 } END { printf "  %-58s %8d %8d %9d\n", what, sum["Rss:"], sum["Pss:"], sum["Anonymous:"] }'
}

ask() { sed "s/.*/CHECK & data-type=HH-CONSUMPTION$2/" "$1" | socat -t 600 - "UNIX:$stage/$name/gate.sock"; }

# asked_about KEYS: each key once, and the answer must be ALLOW.
asked_about() {
  allowed=$(ask "$1" '' | grep -c '^ALLOW') || true
  [ "$allowed" = "$(wc -l <"$1")" ] || die "only $allowed of $(wc -l <"$1") questions were answered ALLOW; see nothing in the figures"
}

# agent BUILD ROOTS: the steps of one agent.
agent() {
  name=$1-$2
  configure "$name" "$url" ''
  sed -i "s#\"ca-file\": \"[^\"]*\"#\"ca-file\": \"$stage/$2.pem\"#" "$stage/$name/akgated.json"
  start "$name" "$root/build/$1/bin/akgated" --config "$stage/$name/akgated.json"
  await_agent "$name"
  echo "akgated ($1), $(grep -c BEGIN "$stage/$2.pem") root(s)"
  memory started "$pid"
  head -n 1 "$stage/keys" >"$stage/first"
  ask "$stage/first" ' mode=cached' >/dev/null
  memory 'first question answered' "$pid"
  asked_about "$stage/first"
  memory 'after TLS contact' "$pid"
  head -n 10 "$stage/keys" >"$stage/ten"
  asked_about "$stage/ten"
  memory '10 records' "$pid"
  [ "$3" = 10 ] || {
    asked_about "$stage/keys"
    memory "$3 records, all asked once" "$pid"
  }
}

# How often the agent's threads were woken, by anything, while nobody asked.
wakes() { cat "/proc/$1"/task/*/status | awk '/^voluntary_ctxt/ { sum += $2 } END { print sum }'; }

idleness() {
  sleep 5 # what the last questions left to do
  before=$(wakes "$pid")
  sleep "$idle"
  echo "  woken $(($(wakes "$pid") - before)) times in $idle s without a question"
}

files() {
  for file in cache/cache/data.mdb cache/ledger audit; do
    [ ! -e "$stage/$name/$file" ] || echo "  $file: $(du -sb "$stage/$name/$file" | cut -f1) bytes"
  done
}

redis() {
  start_redis
  memory "$1 records" "$pid"
}

nginx_cache() {
  configure_nginx
  sed -i 's/keys_zone=answers:1m/keys_zone=answers:32m/' "$stage/nginx.conf"
  start nginx nginx -e "$stage/nginx-error.log" -c "$stage/nginx.conf"
  wait_for 10 'the start of nginx' listens nginx
  children=$(cat "/proc/$pid/task/$pid/children")
  started="$started $children"
  sed 's#.*#url = "http://bench/&"\noutput = /dev/null#' "$stage/keys" |
    curl -sS --unix-socket "$stage/nginx.sock" -K - || die 'nginx did not take the keys'
  # shellcheck disable=SC2086 # several processes
  memory "$1 records" "$pid" $children
  echo "  its cache: $(du -sb "$stage/nginx-cache" | cut -f1) bytes in $1 files"
}

print_memory() {
  make_certificates
  make_keys "$many" >"$stage/keys"
  make_records "$many" "$stage/records"
  start_register register "$stage/records" --tls-cert "$stage/register.pem" --tls-key "$stage/register.key"
  cp "$stage/ca.pem" "$stage/one.pem"
  cat /etc/ssl/certs/ca-certificates.crt "$stage/ca.pem" >"$stage/system.pem"
  printf '\n%-60s %8s %8s %9s\n' 'Memory, in KB' RSS PSS anonymous
  for build in release system; do
    [ -x "build/$build/bin/akgated" ] || continue
    agent "$build" one "$many"
    idleness
    files
    kill -KILL "$pid"
    agent "$build" system 10
    kill -KILL "$pid"
  done
  value="ALLOW reason=active source=cache age=12 for=888 until=2026-11-22T10:05:00Z expires=2027-11-10T17:07:01Z txn=tid_9ff3f7ac26a77033b111f205"
  echo "$value" >"$stage/reply"
  echo "$(redis-server --version | cut -d' ' -f1-3), values of ${#value} bytes"
  redis "$many"
  echo "$(nginx -v 2>&1 | cut -d' ' -f3), master and worker"
  nginx_cache "$many"
}

here=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
if [ "$memory" = true ]; then
  sh toolchains/setup.sh bench
fi
print_sizes
if [ "$memory" = true ]; then
  [ "$(id -u)" = 0 ] || die "memory can be read by root only; for the rest: sh toolchains/footprint.sh --sizes"
  print_memory
fi
