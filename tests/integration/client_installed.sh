#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Installs libakgate into a directory of its own and builds against it as other people would: with pkg-config, with CMake from C and from
# C++, shared and static. Each program must run, and deny: nobody listens where it asks.
#
#   client_installed.sh SOURCE-DIRECTORY BUILD-DIRECTORY
set -eu

source=$1 build=$2
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
prefix=$stage/prefix
example=$source/agent/client/examples/check.c

denies() {
  status=0
  said=$(echo ak_0123456789abcdef01234567 | "$@" HH-CONSUMPTION "$stage/nowhere.sock") || status=$?
  [ "$status" -eq 2 ] || { echo "$1 ended with $status" >&2 && exit 1; }
  case $said in
    'denied agent-unreachable'*) ;;
    *) echo "$1 said: $said" >&2 && exit 1 ;;
  esac
}

cmake --install "$build" --component libakgate --prefix "$prefix" >"$stage/log" || { cat "$stage/log" && exit 1; }
library_dir=$(dirname "$(find "$prefix" -name libakgate.so)")

export PKG_CONFIG_PATH="$library_dir/pkgconfig"
# shellcheck disable=SC2046 # many flags
cc -std=c11 -pedantic -Wall -Wextra -Werror "$example" $(pkg-config --cflags --libs akgate) -o "$stage/with-pkg-config"
LD_LIBRARY_PATH=$library_dir denies "$stage/with-pkg-config"

mkdir "$stage/consumer"
cat >"$stage/consumer/CMakeLists.txt" <<CMAKE
cmake_minimum_required(VERSION 3.13)
project(consumer LANGUAGES C CXX)
find_package(akgate REQUIRED)
add_executable(shared $example)
target_link_libraries(shared PRIVATE akgate::akgate)
add_executable(static $example)
target_link_libraries(static PRIVATE akgate::akgate_static)
add_executable(from_cpp main.cpp)
target_link_libraries(from_cpp PRIVATE akgate::akgate)
CMAKE
cat >"$stage/consumer/main.cpp" <<'CPP'
#include <akgate/akgate.h>

#include <cstdio>

int main() {
  akgate_answer answer;
  std::printf("%s\n", akgate_check(nullptr, nullptr, 1, &answer) ? "allowed" : answer.reason);
}
CPP
{
  cmake -S "$stage/consumer" -B "$stage/consumer/build" -DCMAKE_PREFIX_PATH="$prefix" &&
    cmake --build "$stage/consumer/build"
} >"$stage/log" || { cat "$stage/log" && exit 1; }
denies "$stage/consumer/build/shared"
denies "$stage/consumer/build/static"
[ "$("$stage/consumer/build/from_cpp")" = bad-question ]
if ldd "$stage/consumer/build/static" | grep -q akgate; then
  echo 'the static library was not linked statically' >&2
  exit 1
fi
