// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

namespace akgate {

/// libcurl, started for as long as one of these lives (curl counts them).
///
/// All memory that curl gives back is wiped first: its copies of the URL, the request and the
/// answer hold access keys (I9). What it keeps, it keeps: the last answer lies in the receive
/// buffers of the open connections until the next one is written over it.
///
/// SSLKEYLOGFILE goes from the environment, since a curl on OpenSSL would write the keys of each
/// connection there. So the first one is to be made before other threads read the environment.
class CurlLibrary {
 public:
  CurlLibrary();
  ~CurlLibrary() { curl_global_cleanup(); }
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
};

}  // namespace akgate
