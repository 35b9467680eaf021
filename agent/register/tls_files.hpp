// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "register/transport.hpp"

namespace akgate {

/// What TLS needs, read once at start: later changes of files, rights or root directory make no
/// difference.
struct TlsFiles {
  std::string roots;        ///< PEM; the only certificates that count.
  std::string certificate;  ///< PEM; ours, empty: none.
  Secret key;               ///< PEM; to the certificate.
};

/// Reads the files that the settings name and looks whether they hold what they should. The error
/// names the file and says what to do.
[[nodiscard]] Result<TlsFiles> read_tls_files(const RegisterSettings& settings);

}  // namespace akgate
