#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -eu

usage() {
  cat <<'END'
sh toolchains/test.sh [--quick | --tidy | --simulate N | --fuzz SECONDS]

Sets up this machine, then checks the format, builds what ships, runs clang-tidy on the files that have changed since the
commit that toolchains/tidied.txt names, and runs the tests: all under the sanitizers of addresses and undefined behaviour,
those of what has threads under that of threads, those of what calls libraries on the distribution's own, and all on 32-bit
ARM under an emulator. Builds what ships for the other processors and with clang, gives each target of tests/fuzz some
seconds, and runs all tests last on what ships, so that CTest's summary stands at the end.

  --quick          only what ships, without clang-tidy
  --tidy           only clang-tidy, on all files (some 20 minutes); where it finds nothing, toolchains/tidied.txt names HEAD
  --simulate N     only the simulator, over N seeds: builds what ships and hunts for a counter-example
  --fuzz SECONDS   only the targets of tests/fuzz, each for so long
END
}

quick=false
all_tidy=false
seeds=
fuzz_seconds=
case ${1:-} in
  '') ;;
  --quick) quick=true ;;
  --tidy) all_tidy=true ;;
  --simulate) seeds=${2:?usage: sh toolchains/test.sh --simulate N} ;;
  --fuzz) fuzz_seconds=${2:?usage: sh toolchains/test.sh --fuzz SECONDS} ;;
  --help) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac

cd "$(dirname "$0")/.."
jobs=$(nproc)
logs=build/logs
under=
mkdir -p "$logs"
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi

# step NAME FUNCTION [ARGUMENT…]: says what it does and how long it took; shows output only of what fails.
step() {
  name=$1
  shift
  echo "test: $name …"
  start=$(date +%s)
  if ! "$@" >"$logs/$name.log" 2>&1; then
    # Of what CTest says, what is not about a failure would push out what is.
    grep -v -e '^ *Start ' -e ' Passed ' -e 'Skipped)\{0,1\}' "$logs/$name.log" | tail -n 80 >&2
    echo "test: '$name' failed; the end of its output is above, all of it in $logs/$name.log." >&2
    case $name in
      format) echo "test: to mend it: clang-format -i on the files named above." >&2 ;;
      tidy) echo "test: mend what clang-tidy names, or give the reason for an exception in .clang-tidy." >&2 ;;
      fuzz) echo "test: to look closer: cmake --preset fuzz && cmake --build --preset fuzz && sh toolchains/fuzz.sh 5 TARGET" >&2 ;;
      *) echo "test: to look closer: cmake --preset $name && cmake --build --preset $name && ctest --preset $name" >&2 ;;
    esac
    exit 1
  fi
  echo "test: $name done in $(($(date +%s) - start)) s"
}

folders='base platform cache agent tests'
# Tests proper are left to the compiler's warnings: gtest makes each of them cost as much as ten other files.
tidied='base platform cache agent tests/register'

# shellcheck disable=SC2086 # several folders
format() { find $folders -regex '.*\.[ch]\(pp\)?' -print0 | xargs -0 clang-format --dry-run -Werror; }

tidied_until=toolchains/tidied.txt

# What changed since all of it was tidied last; all of it where this checkout does not know that commit.
# shellcheck disable=SC2086 # several folders
untidied() {
  since=$(cat $tidied_until)
  if [ "$all_tidy" = false ] && git cat-file -e "$since^{commit}" 2>/dev/null; then
    git diff --name-only --diff-filter=d "$since" -- $tidied | grep '\.c\(pp\)\{0,1\}$'
  else
    find $tidied -regex '.*\.c\(pp\)?'
  fi
}

tidy() {
  # One file a call, so that no core idles at the end behind a long batch.
  untidied | xargs -r -n 1 -P "$jobs" clang-tidy --quiet -p build/release >"$logs/tidy.txt" 2>&1
  clean=$?
  grep -v ' warnings\{0,1\} generated\.$' "$logs/tidy.txt"
  return $clean
}

build() { cmake --preset "$1" && cmake --build --preset "$1"; }

build_and_test() {
  $under cmake --preset "$1" && $under cmake --build --preset "$1" && $under ctest --preset "$1" -j "$jobs"
}

# Each target for so many seconds, as many at once as there are cores.
fuzz() {
  for corpus in tests/fuzz/corpus/*; do echo "${corpus##*/}"; done | xargs -n 1 -P "$jobs" sh toolchains/fuzz.sh "$1"
}

build_and_fuzz() { build fuzz && fuzz "$1"; }

# gcc 12's thread sanitizer cannot map its memory where the kernel spreads addresses wider than it knows.
under_fixed_addresses() {
  if setarch -R true; then under='setarch -R'; fi
  "$@"
  result=$?
  under=
  return $result
}

sh toolchains/setup.sh test
if [ -n "$seeds" ]; then
  step release build release
  exec build/release/bin/akgate_simulate --seeds "1..$seeds"
fi
if [ -n "$fuzz_seconds" ]; then
  step fuzz build fuzz
  fuzz "$fuzz_seconds"
  exit
fi
step format format
step release build release
if [ "$all_tidy" = true ]; then
  step tidy tidy
  git rev-parse HEAD >$tidied_until
  exit
fi
if [ "$quick" = false ]; then
  step tidy tidy
  step asan build_and_test asan
  step tsan under_fixed_addresses build_and_test tsan
  step system build_and_test system
  step armhf sh toolchains/cross.sh armhf
  step arm64 sh toolchains/cross.sh --programs arm64
  step mipsel sh toolchains/cross.sh --programs mipsel
  step clang build clang
  step fuzz build_and_fuzz 5
fi
ctest --preset release -j "$jobs" || {
  echo "test: the tests named above failed; one by one: ctest --preset release -R NAME" >&2
  exit 1
}
