// SPDX-License-Identifier: Apache-2.0
//
// What akgate asks of Mbed TLS beyond its default configuration. toolchains/deps.sh appends this file
// to the library's own configuration header, so that the library, curl and akgate all see the same.

// Both threads compute hashes, and the clerk's holds TLS connections.
#define MBEDTLS_THREADING_C
#define MBEDTLS_THREADING_PTHREAD

// Certificates are verified at a time that akgate trusts, which after a boot without a clock is not
// the system's: mbedtls_platform_set_time() sets the function that says it. Default: time().
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_TIME_ALT
