// SPDX-License-Identifier: Apache-2.0
//
// The whole configuration of Mbed TLS 3.6 as akgate ships it: a client of TLS 1.2 and 1.3 that
// checks chains of RSA and ECDSA, and the hashes and ciphers of the cache. toolchains/deps.sh puts
// it in the place of the library's own, so that the library, curl and akgate all see the same. What
// is not named is not built: no server, no DTLS, no old ciphers, no files, no self-tests. (For 2.28
// see mbedtls_user_config.h.)

// --- System
// ---------------------------------------------------------------------------------------------

#define MBEDTLS_HAVE_ASM
#define MBEDTLS_HAVE_TIME
#define MBEDTLS_HAVE_TIME_DATE

// Certificates are verified at a time that akgate trusts, which after a boot without a clock is not
// the system's: mbedtls_platform_set_time() sets the function that says it. Default: time().
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_TIME_ALT

// Both threads compute hashes, and the clerk's holds TLS connections.
#define MBEDTLS_THREADING_C
#define MBEDTLS_THREADING_PTHREAD

// What went wrong with a handshake, in words for the operator: 6 KB.
#define MBEDTLS_ERROR_C
#define MBEDTLS_VERSION_C

// --- TLS: a client
// ----------------------------------------------------------------------------------------

#define MBEDTLS_SSL_CLI_C
#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_SSL_PROTO_TLS1_3
// Firewalls know no TLS 1.3; to them it looks like the resumption of a TLS 1.2 session.
#define MBEDTLS_SSL_TLS1_3_COMPATIBILITY_MODE

#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED
#define MBEDTLS_KEY_EXCHANGE_ECDHE_RSA_ENABLED
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL_ENABLED
#define MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_PSK_EPHEMERAL_ENABLED  // resumption

#define MBEDTLS_SSL_ALL_ALERT_MESSAGES
#define MBEDTLS_SSL_ALPN
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET
#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE  // TLS 1.3 demands it
#define MBEDTLS_SSL_SERVER_NAME_INDICATION
#define MBEDTLS_SSL_SESSION_TICKETS

// A peer may send records of 16 KB, and says no smaller limit. Ours are shorter.
#define MBEDTLS_SSL_IN_CONTENT_LEN 16384
#define MBEDTLS_SSL_OUT_CONTENT_LEN 4096

// --- Certificates and keys
// --------------------------------------------------------------------------------

#define MBEDTLS_X509_USE_C
#define MBEDTLS_X509_CRT_PARSE_C
#define MBEDTLS_X509_RSASSA_PSS_SUPPORT
#define MBEDTLS_PK_C
#define MBEDTLS_PK_PARSE_C
#define MBEDTLS_PK_WRITE_C  // curl refers to it
#define MBEDTLS_PEM_PARSE_C
#define MBEDTLS_BASE64_C
#define MBEDTLS_ASN1_PARSE_C
#define MBEDTLS_ASN1_WRITE_C
#define MBEDTLS_OID_C

#define MBEDTLS_BIGNUM_C
#define MBEDTLS_RSA_C
#define MBEDTLS_PKCS1_V15
#define MBEDTLS_PKCS1_V21

#define MBEDTLS_ECP_C
#define MBEDTLS_ECDH_C
#define MBEDTLS_ECDSA_C
#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
#define MBEDTLS_ECP_DP_SECP384R1_ENABLED
#define MBEDTLS_ECP_DP_CURVE25519_ENABLED
#define MBEDTLS_ECP_NIST_OPTIM

// --- Hashes, ciphers, random numbers
// ----------------------------------------------------------------------

#define MBEDTLS_MD_C
#define MBEDTLS_HKDF_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA384_C
#define MBEDTLS_SHA512_C
#define MBEDTLS_SHA512_SMALLER  // seen at handshakes only
// A fifth of the public roots have signed themselves with it; without it they could not be read.
#define MBEDTLS_SHA1_C

#define MBEDTLS_CIPHER_C
#define MBEDTLS_GCM_C
#define MBEDTLS_CHACHA20_C
#define MBEDTLS_POLY1305_C
#define MBEDTLS_CHACHAPOLY_C
#define MBEDTLS_AES_C
#define MBEDTLS_AESNI_C
#define MBEDTLS_AESCE_C
// Constant tables are shared and can be dropped from memory; computed ones are each process's own.
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
// GCM and CTR only ever encrypt. On amd64 the assembly of AES-NI jumps to a label that this would
// take away.
#if !defined(__x86_64__)
#define MBEDTLS_BLOCK_CIPHER_NO_DECRYPT
#endif

#define MBEDTLS_ENTROPY_C
#define MBEDTLS_CTR_DRBG_C
// TLS 1.3 computes by way of it. No stored keys.
#define MBEDTLS_PSA_CRYPTO_C
