#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# How many instructions akgated takes for a cached answer: the real program under callgrind, asked so many questions and
# twice as many; the difference, so that the start drops out. Unlike times, this is nearly the same on every run: `judged` has no
# replies at hand (gate.answers-at-hand), and `again` has one question, whose reply is made anew once a second whatever
# the machine's pace.
#
#   sh tests/bench/instructions.sh BIN_FOLDER            compares with tests/bench/instructions.txt; ends with 77 where
#                                                        nothing is known there of this compiler and C library
#   sh tests/bench/instructions.sh BIN_FOLDER --renew    writes today's figures there
#   sh tests/bench/instructions.sh BIN_FOLDER --profile  tells which functions they are spent in
set -eu

here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "$1" && pwd)
what=${2:-compare}
known=$here/instructions.txt
questions=4000
tolerance=3 # percent

. "$here/stage.sh"

# What the figures depend on beside our own code, as far as it can be told.
build() {
  compiler=$(readelf -p .comment "$bin/akgated" | sed -n 's/.*\(GCC\|clang\).* \([0-9][0-9.]*\).*/\1-\2/p' | sort -u | paste -sd+ -)
  echo "$(uname -m) $compiler $(getconf GNU_LIBC_VERSION | tr ' ' -)"
}

# spend NAME DEPTH QUESTIONS: lets a new agent learn the keys, then answer so many; leaves callgrind's account in NAME.out.
spend() {
  rm -rf "${stage:?}/$1" # a trail of before would be read at the start
  configure "$1" "$url" ''
  sed -i 's/"gate": {/&'" \"answers-at-hand\": $at_hand,/" "$stage/$1/akgated.json"
  start "$1" valgrind --tool=callgrind --callgrind-out-file="$stage/$1.out" "$bin/akgated" --config "$stage/$1/akgated.json"
  await_agent "$1"
  learn "$1" "$stage/keys"
  "$bin/akgate_bench_load" gate "$stage/$1/gate.sock" "$stage/keys" connections 1 depth "$2" requests "$3" \
    >"$stage/$1.answers" 2>&1 || die "akgated did not answer as expected: $(cat "$stage/$1.answers")"
  kill -TERM "$pid"
  wait "$pid" || die "akgated did not end well; see: $(tail -n 5 "$stage/$1.log")"
}

spent() { sed -n 's/^summary: //p; s/^totals: //p' "$stage/$1.out" | tail -n 1; }

# spend_least …: the same in `least`, of three times: how many TLS handshakes it takes to learn the keys is a matter of luck.
spend_least() {
  least=
  for _ in 1 2 3; do
    spend "$@"
    figure=$(spent "$1")
    if [ -z "$least" ] || [ "$figure" -lt "$least" ]; then least=$figure; fi
  done
}

# measure DEPTH KEYS AT-HAND: instructions for each answer, in `now`, where so many questions come in one piece.
measure() {
  make_keys "$2" >"$stage/keys"
  at_hand=$3
  spend_least once "$1" "$questions"
  once=$least
  spend_least twice "$1" $((questions * 2))
  now=$(((least - once) / questions))
}

command -v valgrind >/dev/null || die 'valgrind is missing: sh toolchains/setup.sh'
make_records 100 "$stage/register"
start_register register "$stage/register"

if [ "$what" = --profile ]; then
  questions=$((questions * 5)) at_hand=1024
  make_keys 1 >"$stage/keys"
  spend profile 1 $questions
  echo "Of $(($(spent profile) / questions)) instructions a question, start and end included; inclusive:"
  callgrind_annotate --inclusive=yes "$stage/profile.out" | sed -n '/Ir/,$p' | head -n 100 | cut -c 1-180
  echo 'Exclusive:'
  callgrind_annotate "$stage/profile.out" | sed -n '/Ir/,$p' | head -n 80 | cut -c 1-180
  exit
fi

worse=
build=$(build)
for how in again-one-by-one again-sixteen-at-once judged-one-by-one judged-sixteen-at-once; do
  case $how in *-one-by-one) depth=1 ;; *) depth=16 ;; esac
  case $how in again-*) measure "$depth" 1 1024 ;; *) measure "$depth" 100 0 ;; esac
  before=$(sed -n "s/^$build $how //p" "$known" 2>/dev/null)
  echo "$build $how $now" >>"$stage/figures"
  echo "instructions for a cached answer, $how: $now (known: ${before:-nothing})"
  [ -z "$before" ] || [ $((now * 100)) -le $((before * (100 + tolerance))) ] || worse="$worse $how"
  [ -z "$before" ] || [ $((now * 100)) -ge $((before * (100 - tolerance))) ] || echo '  better than known: renew the file'
done

renew="sh tests/bench/instructions.sh $1 --renew"
if [ "$what" = --renew ]; then
  { grep '^#' "$known"; { grep -v '^#' "$known" | grep -v "^$build " || true; cat "$stage/figures"; } | sort; } >"$stage/renewed"
  cat "$stage/renewed" >"$known"
elif ! grep -q "^$build " "$known"; then
  echo "nothing is known of $build; to keep these figures: $renew"
  exit 77
elif [ -n "$worse" ]; then
  die "more than $tolerance % above what is known:$worse. Where that is right: $renew"
fi
