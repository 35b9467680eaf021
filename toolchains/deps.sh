#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the libraries that akgate links statically (curl, Mbed TLS, LMDB, cJSON) from Debian's source
# packages into build/deps/<multiarch>, and writes into its versions.txt what they are. Needs no root.
#
#   sh toolchains/deps.sh [ARCH]     for this machine (default), or for armhf, arm64 or mipsel with Debian's
#                                    cross compilers
#
# The sources are those of Debian 13 (trixie), because Debian 12's Mbed TLS is end of life. Where they
# cannot be had, the sources of bookworm serve, and at last the installed -dev packages: each such step
# back is announced, and versions.txt keeps it. Done already, it takes no time.
set -eu

# Release, least Mbed TLS, least curl; best first. The environment may narrow the choice.
releases=${AKGATE_DEPS_RELEASES:-'trixie:3.6:8.14 bookworm:2.28:7.88'}

root=$(cd "$(dirname "$0")/.." && pwd)
deps=$root/build/deps
here=$(dpkg-architecture -qDEB_BUILD_ARCH)
arch=${1:-$here}
multiarch=$(dpkg-architecture -a"$arch" -qDEB_HOST_MULTIARCH 2>/dev/null)
prefix=$deps/$multiarch
work=$prefix.work
log=$prefix.log
versions=$prefix/versions.txt
if [ "$arch" = "$here" ]; then cc=${CC:-cc}; else cc=$multiarch-gcc; fi
# What was built is built anew when the recipe changes, or the compiler, whose link-time optimizer reads its own only.
recipe=$({ cat "$0" "$root"/toolchains/mbedtls_*config.h && "$cc" -dumpfullversion; } | cksum | cut -d' ' -f1)

say() { echo "deps: $*"; }
notice() { echo "deps: NOTICE: $*" >&2; }
die() {
  [ ! -f "$log" ] || tail -n 20 "$log" >&2
  echo "deps: $*" >&2
  exit 1
}

# Repeats, on every run, what was settled for; says nothing when it is the best.
remind() {
  case $(sed -n 's/^origin //p' "$versions") in
    "${releases%%:*}") ;;
    system) notice "no Debian sources could be had, so the distribution's own libraries are used:" \
      "larger, and not what akgate is meant to ship with. To try again: rm -r build/deps" ;;
    *) notice "the libraries are built from an older Debian's sources" \
      "($(sed -n 's/^mbedtls /Mbed TLS /p; s/^curl /curl /p' "$versions" | paste -sd, -)):" \
      "TLS 1.2 only, past its end of life, fit for trying but not for shipping." \
      "To try again: rm -r build/deps" ;;
  esac
}

# apt-get or apt-cache on a private state below $work, which leaves the system's untouched.
private() {
  tool=$1
  shift
  "$tool" -q -o Dir::State::Lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" \
    -o Dir::Etc::SourceParts="$work/apt/sources" -o Dir::Etc::SourceList=/dev/null \
    -o APT::Sandbox::User= -o Debug::NoLocking=1 -o Acquire::http::Timeout=20 -o Acquire::Retries=2 "$@"
}

# Points the private state at the source packages of a release, on the mirrors this machine uses.
use_release() {
  rm -rf "$work"
  mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/apt/sources"
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  apt-get indextargets --no-release-info --format '$(COMPONENT) $(RELEASE) $(REPO_URI)' \
    'Created-By: Packages' | sort -u | while read -r component suite uri; do
    case $component/$suite in
      main/"$codename" | main/"$codename"-updates | main/"$codename"-security) suite=$1${suite#"$codename"} ;;
      main/stable | main/stable-updates | main/stable-security) suite=$1${suite#stable} ;;
      *) continue ;;
    esac
    printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\n' "$uri" "$suite"
    [ ! -f "$keyring" ] || echo "Signed-By: $keyring"
    echo
  done >"$work/apt/sources/debian.sources"
  # A mirror without the -updates suite makes this fail; what counts is whether a package is found.
  private apt-get update >>"$log" 2>&1 || true
}

# take PACKAGE LEAST: unpacks the newest version of a package, Debian's patches applied, as $work/PACKAGE.
take() {
  for version in $(private apt-cache madison "$1" 2>>"$log" | cut -d'|' -f2 | sort -rVu); do
    dpkg --compare-versions "$version" ge "$2" || break
    if (cd "$work" && private apt-get source --download-only "$1=$version") >>"$log" 2>&1; then
      dpkg-source --no-check -x "$work/$1_${version#*:}.dsc" "$work/$1" >>"$log" 2>&1
      echo "$1 $version" >>"$work/versions.txt"
      return 0
    fi
    notice "the mirror lists $1 $version but does not deliver it; looking for the version before"
  done
  return 1
}

fetch() {
  for release in $releases; do
    say "fetching the sources of Debian ${release%%:*} …"
    use_release "${release%%:*}"
    minimums=${release#*:}
    if take mbedtls "${minimums%%:*}" && take curl "${minimums#*:}" && take lmdb 0.9.24 && take cjson 1.7.15; then
      echo "origin ${release%%:*}" >>"$work/versions.txt"
      return 0
    fi
    notice "Debian ${release%%:*}'s sources of Mbed TLS and curl are not to be had from this machine's mirrors"
  done
  return 1
}

# No tables for exceptions, which C has none of. Machine code beside the link-time optimizer's: sanitizers and
# clang link the first, what ships the second.
flags="-Os -g0 -fPIC -ffunction-sections -fdata-sections -fvisibility=hidden -fstack-protector-strong \
-D_FORTIFY_SOURCE=2 -fno-asynchronous-unwind-tables -fno-unwind-tables \
-flto -ffat-lto-objects -ffile-prefix-map=$work="
# On 32 bit, time must count past 2038 here as in akgate itself.
if [ "$(dpkg-architecture -a"$arch" -qDEB_HOST_ARCH_BITS 2>/dev/null)" = 32 ]; then
  flags="$flags -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64"
fi

# frames PACKAGE: what keeps a frame from reaching over the guard page. On 32-bit ARM gcc probes every frame, 12 bytes a
# function, though only those of a page or more need it; so there it is held to make none, but for curl, which has one.
frames() {
  case $arch/$1 in
    armhf/curl) echo -fstack-clash-protection ;;
    armhf/*) echo -Werror=frame-larger-than=4000 ;;
    *) echo -fstack-clash-protection ;;
  esac
}

cross=
[ "$arch" = "$here" ] || cross=-DCMAKE_TOOLCHAIN_FILE=$root/toolchains/cmake/$arch.cmake

# with_cmake PACKAGE OPTION…: builds and installs a package by its own CMake files.
with_cmake() {
  package=$1
  shift
  # shellcheck disable=SC2086 # the option may be missing
  cmake -S "$work/$package" -B "$work/$package/build" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS="$flags $(frames "$package")" $cross \
    -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_PREFIX_PATH="$prefix" "$@"
  cmake --build "$work/$package/build"
  cmake --install "$work/$package/build"
}

# by_hand LIBRARY FOLDER SOURCE…: a library of a file or two.
by_hand() {
  library=$1 folder=$2
  shift 2
  # shellcheck disable=SC2086 # the flags are many words
  (cd "$folder" && "$cc" $flags $(frames "$library") -pthread -c "$@" && ${AR:-ar} rcs "$prefix/lib/lib$library.a" ./*.o)
}

build_mbedtls() {
  headers=$work/mbedtls/include/mbedtls
  if [ -f "$headers/config.h" ]; then # 2.28's name for it
    cat "$root/toolchains/mbedtls_user_config.h" >>"$headers/config.h"
  else
    cp "$root/toolchains/mbedtls_config.h" "$headers/mbedtls_config.h"
  fi
  with_cmake mbedtls -DENABLE_PROGRAMS=OFF -DENABLE_TESTING=OFF -DUSE_SHARED_MBEDTLS_LIBRARY=OFF \
    -DMBEDTLS_FATAL_WARNINGS=OFF
}

# HTTP with TLS and nothing else. No compiled-in certificates: without a CA file nothing is trusted.
build_curl() {
  off=
  for feature in COOKIES PROXY ALTSVC HSTS DOH MIME FORM_API NETRC NTLM PARSEDATE PROGRESS_METER AWS DIGEST_AUTH \
    NEGOTIATE_AUTH KERBEROS_AUTH BASIC_AUTH BEARER_AUTH HTTP_AUTH WEBSOCKETS SRP IPFS BINDLOCAL SHA512_256 \
    LIBCURL_OPTION GETOPTIONS SHUFFLE_DNS VERBOSE_STRINGS; do
    off="$off -DCURL_DISABLE_$feature=ON"
  done
  for library in CURL_ZLIB CURL_BROTLI CURL_ZSTD CURL_USE_OPENSSL CURL_USE_LIBPSL CURL_USE_LIBSSH2 USE_NGHTTP2 \
    USE_LIBIDN2 ENABLE_UNIX_SOCKETS BUILD_CURL_EXE BUILD_SHARED_LIBS BUILD_TESTING BUILD_EXAMPLES BUILD_LIBCURL_DOCS \
    BUILD_MISC_DOCS ENABLE_MANUAL ENABLE_CURL_MANUAL; do
    off="$off -D$library=OFF"
  done
  # Without the chatter, but with the words of its errors, which operators are shown.
  sed -i '/#include "curl_setup.h"/a #undef CURL_DISABLE_VERBOSE_STRINGS' "$work/curl/lib/strerror.c"
  # Without what akgate never asks for: certificates in print, and ciphers by their names.
  sed -i 's/if(data->set\.ssl\.certinfo)/if(0)/; s/if(conn_config->cipher_list\( || conn_config->cipher_list13\)\{0,1\})/if(0)/' \
    "$work/curl/lib/vtls/mbedtls.c"
  # shellcheck disable=SC2086 # the options are many words
  with_cmake curl $off -DHAVE_POLL_FINE=1 -DHTTP_ONLY=ON -DPICKY_COMPILER=OFF -DENABLE_THREADED_RESOLVER=ON -DBUILD_STATIC_LIBS=ON \
    -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none -DCURL_USE_MBEDTLS=ON \
    -DMBEDTLS_INCLUDE_DIR="$prefix/include" -DMBEDTLS_INCLUDE_DIRS="$prefix/include" \
    -DMBEDTLS_LIBRARY="$prefix/lib/libmbedtls.a" -DMBEDX509_LIBRARY="$prefix/lib/libmbedx509.a" \
    -DMBEDCRYPTO_LIBRARY="$prefix/lib/libmbedcrypto.a"
}

build_lmdb() {
  by_hand lmdb "$work/lmdb/libraries/liblmdb" mdb.c midl.c
  cp "$work/lmdb/libraries/liblmdb/lmdb.h" "$prefix/include/"
}

build_cjson() {
  by_hand cjson "$work/cjson" cJSON.c
  mkdir -p "$prefix/include/cjson"
  cp "$work/cjson/cJSON.h" "$prefix/include/cjson/"
}

mkdir -p "$deps"
exec 9<"$deps" # the folder itself is the lock
flock 9        # another run at the same time would build over this one

if [ -f "$versions" ] && grep -qx "recipe $recipe" "$versions"; then
  remind
  exit 0
fi

start=$(date +%s)
rm -rf "$prefix"
mkdir -p "$prefix/include" "$prefix/lib"
: >"$log"
if fetch; then
  for package in lmdb cjson mbedtls curl; do
    say "building $(grep "^$package " "$work/versions.txt") …"
    # In a shell of its own, as `set -e` sleeps inside a condition.
    set +e
    (set -e; "build_$package") >>"$log" 2>&1
    status=$?
    set -e
    [ "$status" = 0 ] || die "$package could not be built; the whole story is in $log"
  done
else
  [ "$arch" = "$here" ] || die "nothing can be built for $arch without Debian's sources; see that a mirror can be reached."
  mkdir -p "$work"
  echo "origin system" >"$work/versions.txt"
fi
echo "recipe $recipe" >>"$work/versions.txt"
cp "$work/versions.txt" "$versions"
rm -rf "$work"
say "done for $multiarch in $(($(date +%s) - start)) s: $(grep -v '^recipe' "$versions" | paste -sd, - | sed 's/,/, /g')"
remind
