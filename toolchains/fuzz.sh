#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs one target of tests/fuzz for so long, beginning with its corpus. What it finds on its way stays in build/fuzz/found,
# for the next run to begin with.
#
#   cmake --preset fuzz && cmake --build --preset fuzz
#   sh toolchains/fuzz.sh SECONDS TARGET
set -eu

seconds=${1:?usage: sh toolchains/fuzz.sh SECONDS TARGET}
target=${2:?usage: sh toolchains/fuzz.sh SECONDS TARGET}

cd "$(dirname "$0")/.."
found=build/fuzz/found/$target
log=build/logs/fuzz-$target.log
mkdir -p "$found" build/logs

# Of the folders, libFuzzer writes to the first alone. The sanitizer's quarantine, by default a quarter of a gigabyte, counts as
# memory of the target.
if ! ASAN_OPTIONS=quarantine_size_mb=64 "build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=512 \
  -artifact_prefix="build/fuzz/$target-" "$found" "tests/fuzz/corpus/$target" >"$log" 2>&1; then
  tail -n 40 "$log" >&2
  echo "fuzz: $target failed; the end of its output is above, all of it in $log. It names the file with the input, a" \
    "build/fuzz/$target-…, to be run again as: build/fuzz/bin/fuzz_$target FILE. Once mended it belongs into" \
    "tests/fuzz/corpus/$target, under a name that says what it shows." >&2
  exit 1
fi
sed -n "s/^#\([0-9]*\)[[:space:]]*DONE *cov: \([0-9]*\).*/fuzz: $target clean after \1 runs, \2 places reached/p" "$log"
