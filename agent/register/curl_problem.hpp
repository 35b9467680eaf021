// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <string>
#include <string_view>

#include "register/transport.hpp"

namespace akgate {

/// How a request failed.
struct CurlFailure {
  CURLcode code = CURLE_OK;
  std::string_view details;  ///< What curl wrote into the error buffer.
  bool sent = false;         ///< Whether there was a connection, over which the request left.
};

/// Whether no answer came, rather than one that makes no sense: not HTTP, or beyond our bounds.
/// Only silence can open grace, so after the request has left it is what is known to be silence.
[[nodiscard]] bool is_silence(const CurlFailure& failure);

/// For a person: what went wrong and what to do about it. Curl's details are passed on only where
/// they date from before the request was sent, so that nothing which an answer repeats (the access
/// key) can get into a log (I9).
[[nodiscard]] std::string explain(const CurlFailure& failure, const RegisterSettings& settings);

}  // namespace akgate
