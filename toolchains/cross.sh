#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -eu

usage() {
  cat <<'END'
sh toolchains/cross.sh [--programs] armhf|arm64|mipsel

Sets up this machine, builds akgate for another processor with Debian's cross compiler, and runs the tests there under
qemu's user emulation: unit tests, fuzz corpora and the simulator as they are; the integration tests as programs of this
machine which run the other processor's akgated and akgate (the register is this machine's).

  --programs   only builds what ships: akgated, akgate and libakgate
END
}

tests=true
if [ "${1:-}" = --programs ]; then
  tests=false
  shift
fi
case ${1:-} in
  armhf | arm64 | mipsel) arch=$1 ;;
  --help) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac

cd "$(dirname "$0")/.."
if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
multiarch=$(dpkg-architecture -a"$arch" -qDEB_HOST_MULTIARCH 2>/dev/null)

programs() {
  cmake --preset "$arch"
  cmake --build --preset "$arch" --target akgated akgate akgate_static akgate_shared
  "$multiarch-size" "build/$arch/bin/akgated" "build/$arch/bin/akgate"
}

# What kills, and what the emulator would only show its own of: the memory of a process and who may read it, a thousand
# connections; the groups of a peer, of which it knows nothing.
natively_only='Kill|I9_|Memory|memory'
unit_natively_only='PeersOfAServer'

unit() {
  cmake --build "build/$arch"
  ctest --test-dir "build/$arch" --output-on-failure -j "$(nproc)" -E "$unit_natively_only"
}

integration() {
  cmake --preset release
  cmake --build --preset release --target test_integration test_register_api
  cmake --build --preset "$arch" --target wrong_clock akgate_example
  emulator=$(sed -n 's/^CMAKE_CROSSCOMPILING_EMULATOR:[A-Z]*=//p' "build/$arch/CMakeCache.txt" | tr ';' ' ')
  AKGATE_EMULATED_BIN=$PWD/build/$arch/bin AKGATE_EMULATOR=$emulator \
    ctest --preset release -R '^integration\.' -E "$natively_only"
}

sh toolchains/setup.sh cross "$arch"
programs
if [ "$tests" = true ]; then
  unit
  integration
fi
