#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes a Debian 12 (or newer) machine ready to build akgate: packages where they are missing, then the
# libraries of toolchains/deps.sh. Root is needed only while packages are missing.
#
#   sh toolchains/setup.sh [demo|test|bench]   what the demo needs, all that the tests need (default), or what measuring needs
#   sh toolchains/setup.sh cross ARCH…         what the tests need, here and on armhf, arm64 or mipsel
set -eu

here=$(cd "$(dirname "$0")" && pwd)
what=${1:-test}

die() {
  echo "setup: $*" >&2
  exit 1
}

# What deps.sh and the build need; what the sandbox register is made with; what the demo shows with.
packages='g++ cmake ninja-build pkg-config dpkg-dev libmicrohttpd-dev libgnutls28-dev openssl socat curl'
# The libraries of the `system` preset.
system_libraries='libcurl4-openssl-dev libmbedtls-dev liblmdb-dev libcjson-dev'
tests="libgtest-dev clang libclang-rt-dev clang-format clang-tidy python3 nginx libbenchmark-dev valgrind $system_libraries"
foreign=
case $what in
  demo) ;;
  test) packages="$packages $tests" ;;
  cross)
    shift
    foreign=$*
    packages="$packages $tests googletest qemu-user-static"
    for arch in $foreign; do packages="$packages g++-$(dpkg-architecture -a"$arch" -qDEB_HOST_GNU_TYPE 2>/dev/null)"; done
    ;;
  bench) packages="$packages libgtest-dev libbenchmark-dev redis-server memcached nginx python3" ;;
  *) die "there is no set-up for '$what'; say demo, test, bench, or cross with armhf, arm64 or mipsel." ;;
esac

missing_of() {
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
  done
}

# install PACKAGE…: those that are not there yet.
install() {
  missing=$(missing_of "$@" | paste -sd' ' -)
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    die "packages are missing; run this as root, then try again:" \
      "apt-get update && apt-get install --no-install-recommends $missing"
  fi
  echo "setup: installing $missing …"
  start=$(date +%s)
  log=$(mktemp)
  # Lists that cannot be brought up to date may still do.
  apt-get -qq update >"$log" 2>&1 || true
  # shellcheck disable=SC2086 # many packages
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 \
    install $missing >>"$log" 2>&1 </dev/null || {
    tail -n 20 "$log" >&2
    die "the packages could not be installed (the end of apt-get's story is above);" \
      "see that this machine's Debian mirror can be reached, then try again."
  }
  rm -f "$log"
  echo "setup: packages installed in $(($(date +%s) - start)) s"
}

command -v apt-get >/dev/null || die "this script knows Debian only; on other systems install a C++20 compiler," \
  "CMake 3.25, Ninja, libcurl, Mbed TLS, LMDB, cJSON, libmicrohttpd and GoogleTest, and use the CMake preset 'system'."

# shellcheck disable=SC2086 # many packages
install $packages

cmake_version=$(cmake --version | sed -n '1s/[^0-9]*//p')
dpkg --compare-versions "$cmake_version" ge 3.25 ||
  die "the cmake found first in PATH is $cmake_version; 3.25 or newer is needed (Debian 12 has it: apt-get install cmake)."

for arch in '' $foreign; do sh "$here/deps.sh" $arch; done
if grep -qx 'origin system' "$here/../build/deps/$(dpkg-architecture -qDEB_HOST_MULTIARCH)/versions.txt"; then
  # shellcheck disable=SC2086 # many packages
  install $system_libraries
fi
