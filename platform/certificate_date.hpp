// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>

namespace akgate {

/// The date at which TLS judges certificates: the system clock's, but no earlier than `known` says,
/// and no earlier than this software was built. So a device that boots in 1970 can reach the
/// register and learn the time, and no certificate that has ended comes back to life with a clock
/// that was set back (I8).
///
/// Acts while it lives; one at a time in a process, made before other threads are.
class CertificateDate {
 public:
  using Date = std::chrono::sys_seconds;
  /// Asked at each TLS handshake, on its thread.
  using Known = std::function<Date()>;

  explicit CertificateDate(Known known = {});
  ~CertificateDate();
  CertificateDate(const CertificateDate&) = delete;
  CertificateDate& operator=(const CertificateDate&) = delete;

  /// What counts as the date while the system clock says `system`.
  [[nodiscard]] static Date at(Date system);

  /// The date of this build. Since builds are to be reproducible: SOURCE_DATE_EPOCH, or that of the
  /// last commit.
  [[nodiscard]] static Date of_build();

  /// False where this build's TLS is not our own Mbed TLS: it goes by the system clock alone.
  [[nodiscard]] static bool is_heeded();
};

}  // namespace akgate
