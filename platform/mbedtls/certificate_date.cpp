// SPDX-License-Identifier: Apache-2.0
#include "platform/certificate_date.hpp"

#include <mbedtls/platform_time.h>
#include <time.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/assert.hpp"

namespace akgate {

namespace {

// Certificates outlive 2038, and so must Mbed TLS' idea of time.
static_assert(sizeof(mbedtls_time_t) == 8);

using Date = CertificateDate::Date;

// Mbed TLS asks a function that takes no context, so what it goes by can only be the process's own.
struct Hook {
  std::mutex mutex;
  bool taken = false;
  CertificateDate::Known known;
};

Hook& hook() {
  static Hook the_hook;
  return the_hook;
}

#ifdef MBEDTLS_PLATFORM_TIME_ALT
// Stands in for time(), wherever Mbed TLS would call it.
mbedtls_time_t date_for_mbedtls(mbedtls_time_t* also) {
  const Date date = CertificateDate::at(Date(std::chrono::seconds(::time(nullptr))));
  const auto said = static_cast<mbedtls_time_t>(date.time_since_epoch().count());
  if (also != nullptr) *also = said;
  return said;
}
#endif

}  // namespace

CertificateDate::CertificateDate(Known known) {
  const std::lock_guard lock(hook().mutex);
  AKGATE_ASSERT(!hook().taken);
  hook().taken = true;
  hook().known = std::move(known);
#ifdef MBEDTLS_PLATFORM_TIME_ALT
  AKGATE_ASSERT(mbedtls_platform_set_time(&date_for_mbedtls) == 0);
#endif
}

CertificateDate::~CertificateDate() {
  const std::lock_guard lock(hook().mutex);
  hook().taken = false;
  hook().known = {};
}

Date CertificateDate::at(Date system) {
  const std::lock_guard lock(hook().mutex);
  const Date at_least = std::max(system, of_build());
  return hook().known ? std::max(at_least, hook().known()) : at_least;
}

Date CertificateDate::of_build() { return Date(std::chrono::seconds(AKGATE_BUILD_DATE)); }

bool CertificateDate::is_heeded() {
#ifdef MBEDTLS_PLATFORM_TIME_ALT
  return true;
#else
  return false;
#endif
}

}  // namespace akgate
